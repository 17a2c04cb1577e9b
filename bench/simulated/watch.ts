import { readdirSync } from "node:fs";
import { parentOf, useOf, type ProcessUse } from "../process";

/** Between two looks at the processes, in milliseconds; what a process does after the last one is not seen. */
const everyMs = 50;

/** Use of a program, of all of its processes. */
export interface ProgramUse {
  /** VmHWM of the largest one. */
  readonly mib: number;
  /** Of user and kernel, together. */
  readonly cpuSeconds: number;
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
    for (const { name, residentPeak, cpuSeconds } of this.#uses.values()) {
      const others = programs.get(name) ?? { mib: 0, cpuSeconds: 0 };
      programs.set(name, { mib: Math.max(residentPeak, others.mib), cpuSeconds: cpuSeconds + others.cpuSeconds });
    }
    return programs;
  }

  #look(): void {
    const pids = readdirSync("/proc").map(Number).filter(Boolean);
    const parents = new Map(pids.map((pid) => [pid, unlessEnded(() => parentOf(pid)) ?? 0]));
    for (const pid of pids) if (descends(pid, this.ancestor, parents)) this.#add(pid);
  }

  #add(pid: number): void {
    const use = unlessEnded(() => useOf(pid));
    if (use && !Number.isNaN(use.residentPeak)) this.#uses.set(pid, use);
  }
}

function descends(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  if (pid === ancestor) return true;
  const parent = parents.get(pid) ?? 0;
  return parent > 1 && descends(parent, ancestor, parents);
}

function unlessEnded<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
