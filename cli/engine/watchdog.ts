import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { processName } from "../hypervisor/system";
import { providerKilledStatus } from "./retry";

/**
 * How long a provider may have a seed open, which it reads back after creation; a seed has less than a megabyte. go-libvirt of
 * terraform-provider-libvirt 0.8.3 can deadlock at the end of a stream (Libvirt.callback sends to a receiver that has left, with
 * the lock that leaving takes), and Pulumi waits for the provider without a limit. The provider that is built here does not; an
 * official plugin downloads one that does.
 */
const seedSeconds = 120;

const lookMilliseconds = 5000;

/** An environment variable that identifies a run of Pulumi; its providers inherit it. */
export const runVariable = "FARM_RUN";

/** The provider's name, of which the kernel keeps fifteen characters. */
const providerName = "terraform-provi";

/** The folder of processes. Default: /proc. */
interface Look {
  readonly proc?: string;
  readonly now?: number;
  readonly nameOf?: (pid: string) => string | undefined;
}

/** The libvirt providers of a run of Pulumi that have had a seed open for two minutes. */
export function hungProviders(
  run: string,
  { proc = "/proc", now = Date.now(), nameOf = processName }: Look = {},
): number[] {
  return readdirSync(proc)
    .filter((pid) => /^\d+$/.test(pid) && nameOf(pid) === providerName)
    .filter((pid) => contentOf(`${proc}/${pid}/environ`).split("\0").includes(`${runVariable}=${run}`))
    .filter((pid) => hasOldSeed(`${proc}/${pid}/fd`, now))
    .map(Number);
}

function hasOldSeed(folder: string, now: number): boolean {
  return namesIn(folder).some((fd) => {
    try {
      const file = readlinkSync(`${folder}/${fd}`);
      return file.includes("/cloudinit") && now - statSync(file).mtimeMs >= seedSeconds * 1000;
    } catch {
      // The file was closed, or the process has ended.
      return false;
    }
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/**
 * Runs Pulumi, and kills a libvirt provider of that run if it hangs, so that the run ends.
 *
 * @param work runs Pulumi with these variables, and returns its exit status
 * @returns that status, or 75 if a provider was killed: the run can be repeated
 */
export async function withWatchdog(
  work: (variables: Readonly<Record<string, string>>) => Promise<number>,
  { hung = hungProviders, kill = killAtOnce, milliseconds = lookMilliseconds } = {},
): Promise<number> {
  const run = `${process.pid}-${Date.now()}`;
  const killed = new Set<number>();
  const timer = setInterval(() => {
    for (const pid of hung(run)) {
      killed.add(pid);
      kill(pid);
    }
  }, milliseconds);
  try {
    const status = await work({ [runVariable]: run });
    return killed.size > 0 ? providerKilledStatus : status;
  } finally {
    clearInterval(timer);
  }
}

function killAtOnce(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
