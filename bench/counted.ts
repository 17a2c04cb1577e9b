import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../cli/process/run";

/** A run of a program with all that it started. */
export interface Counted {
  readonly seconds: number;
  /** Of user and kernel, together. */
  readonly cpuSeconds: number;
  readonly stdout: string;
}

/**
 * Runs a program in a PID namespace, in which the CPU time of processes counts too whose parents do not wait for them. Needs root.
 *
 * @throws Error with its output if it fails
 */
export async function runCounted(
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Counted> {
  const folder = mkdtempSync(join(tmpdir(), "counted-"));
  try {
    const file = join(folder, "times");
    const script = join(__dirname, "run-counted.sh");
    const namespace = ["--pid", "--fork", "--mount-proc", "--kill-child"];
    const { status, stdout, stderr } = await run(["unshare", ...namespace, script, file, ...argv], options);
    if (status !== 0) throw new Error(`${argv.join(" ")} ended with ${String(status)}:\n${stdout}${stderr}`);
    return { ...timesOf(readFileSync(file, "utf8")), stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads the file of run-counted.sh: two times of a clock, and the lines of bash's `times`, of which the second has the children. */
export function timesOf(text: string): Omit<Counted, "stdout"> {
  const [clock = "", , children = ""] = text.split("\n");
  const [started = NaN, ended = NaN] = clock.split(" ").map(Number);
  const [user = NaN, kernel = NaN] = children.split(" ").map(secondsOf);
  return { seconds: ended - started, cpuSeconds: user + kernel };
}

/** @param text `1m2.345s` */
function secondsOf(text: string): number {
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}
