import { readdirSync, readFileSync } from "node:fs";

/** Between two looks at the processes, in milliseconds; what a process does after the last one is not seen. */
const everyMs = 50;

/** Clock ticks of a second in /proc/PID/stat: USER_HZ, which Linux has fixed. */
const ticks = 100;

/** Use of a program, of all of its processes. */
export interface ProgramUse {
  /** VmHWM of the largest one. */
  readonly mib: number;
  /** Of user and kernel, together. */
  readonly cpuSeconds: number;
}

interface ProcessUse extends ProgramUse {
  readonly name: string;
}

/** Watches the memory and the processor time of a process and of all that it starts. */
export class Watch {
  readonly #uses = new Map<number, ProcessUse>();
  readonly #timer: NodeJS.Timeout;

  constructor(readonly ancestor: number) {
    this.#timer = setInterval(() => {
      this.#look();
    }, everyMs);
  }

  /** Uses by the names of the programs, which the kernel cuts to 15 characters. */
  stop(): ReadonlyMap<string, ProgramUse> {
    clearInterval(this.#timer);
    const programs = new Map<string, ProgramUse>();
    for (const { name, mib, cpuSeconds } of this.#uses.values()) {
      const others = programs.get(name) ?? { mib: 0, cpuSeconds: 0 };
      programs.set(name, { mib: Math.max(mib, others.mib), cpuSeconds: cpuSeconds + others.cpuSeconds });
    }
    return programs;
  }

  #look(): void {
    const parents = new Map<number, number>();
    for (const pid of readdirSync("/proc").map(Number).filter(Boolean)) parents.set(pid, parentOf(pid));
    for (const pid of parents.keys()) if (descends(pid, this.ancestor, parents)) this.#add(pid);
  }

  #add(pid: number): void {
    const status = textOf(pid, "status");
    const kib = /^VmHWM:\s*(\d+)/m.exec(status)?.[1];
    const name = /^Name:\s*(.*)$/m.exec(status)?.[1];
    if (kib === undefined || name === undefined) return;
    const [user = 0, kernel = 0] = afterName(pid).slice(11, 13).map(Number);
    this.#uses.set(pid, { name, mib: Number(kib) / 1024, cpuSeconds: (user + kernel) / ticks });
  }
}

function descends(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  if (pid === ancestor) return true;
  const parent = parents.get(pid) ?? 0;
  return parent > 1 && descends(parent, ancestor, parents);
}

function parentOf(pid: number): number {
  return Number(afterName(pid)[1] ?? 0);
}

/** The fields of /proc/PID/stat from the state on; the name before it may have spaces. */
function afterName(pid: number): readonly string[] {
  return textOf(pid, "stat").split(") ").at(-1)?.split(" ") ?? [];
}

/** Empty of a process that has ended. */
function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, "utf8");
  } catch {
    return "";
  }
}
