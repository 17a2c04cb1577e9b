import { readFileSync } from "node:fs";

/** Clock ticks of a second in /proc/PID/stat: USER_HZ, which Linux has fixed. */
const ticks = 100;

/** The use of a process; memory in MiB, NaN of one that has ended and was not waited for. */
export interface ProcessUse {
  /** The program's, which the kernel cuts to 15 characters. */
  readonly name: string;
  /** Of user and kernel, together. */
  readonly cpuSeconds: number;
  readonly resident: number;
  /** The most that was resident so far. */
  readonly residentPeak: number;
  /** Memory that is no page of a file, so that only the program itself can give it back. */
  readonly anonymous: number;
}

/** The use of a process so far. @throws Error if it has ended */
export function useOf(pid: number): ProcessUse {
  const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
  const mib = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  const [user = NaN, kernel = NaN] = afterName(pid).slice(11, 13).map(Number);
  return {
    name: /^Name:\s*(.*)$/m.exec(status)?.[1] ?? "",
    cpuSeconds: (user + kernel) / ticks,
    resident: mib("VmRSS"),
    residentPeak: mib("VmHWM"),
    anonymous: mib("RssAnon"),
  };
}

/** The id of the process that started another. @throws Error if that one has ended */
export function parentOf(pid: number): number {
  return Number(afterName(pid)[1]);
}

/** The fields of /proc/PID/stat from the state on; the name before it may have spaces. */
function afterName(pid: number): readonly string[] {
  return (
    readFileSync(`/proc/${String(pid)}/stat`, "utf8")
      .split(") ")
      .at(-1)
      ?.split(" ") ?? []
  );
}
