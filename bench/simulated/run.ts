import { spawn } from "node:child_process";
import { Watch, type ProgramUse } from "./watch";

/** A run of Pulumi. */
export interface Usage {
  readonly seconds: number;
  /** By the first 15 characters of a program's name. */
  readonly programs: ReadonlyMap<string, ProgramUse>;
  readonly output: string;
}

/** Runs pulumi. @throws Error with its output if it fails */
export async function runPulumi(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Usage> {
  const started = performance.now();
  const child = spawn("pulumi", args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const watch = new Watch(child.pid ?? 0);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => {
      output += data.toString();
    });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const seconds = (performance.now() - started) / 1000;
  const programs = watch.stop();
  if (status !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${String(status)}:\n${output}`);
  return { seconds, programs, output };
}
