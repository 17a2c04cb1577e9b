import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { parseReadings, type Sample } from "./sample";

const Outputs = z.object({
  nodes: z.array(z.object({ name: z.string() })),
  urls: z.record(z.string(), z.string()),
});

/** Longer than an emulated node takes to walk its images. */
const timeoutMs = 240_000;

/** An existing farm, through `./farm` alone. */
export class RunningFarm {
  /** @param farm the program `./farm`, or one that stands in for it */
  constructor(
    private readonly farm: string,
    private readonly stack: string,
  ) {}

  /** The names of its nodes, and where its services answer. */
  async outputs(): Promise<z.infer<typeof Outputs>> {
    return Outputs.parse(JSON.parse(await this.run("outputs", ["--json"])));
  }

  /** Reads a node by one ssh. @param deep also folders that take long */
  async sample(node: string, deep: boolean): Promise<Sample> {
    const script = readFileSync(join(__dirname, "sample.sh"), "utf8");
    const text = await this.run("ssh", [node, `sh -s${deep ? " deep" : ""}`], script);
    return { at: Date.now(), node, readings: parseReadings(text) };
  }

  /** Sends light load until the time is over or the result is called; counts answers by status. */
  load(seconds: number, urls: readonly string[], statuses: Map<string, number>): () => void {
    const args = ["run", "--stack", this.stack, "--", "sh", join(__dirname, "load.sh"), String(seconds), ...urls];
    const child = spawn(this.farm, args, { stdio: ["ignore", "pipe", "inherit"], detached: true });
    child.on("error", (error) => {
      process.stderr.write(`the load did not start: ${error.message}\n`);
    });
    createInterface({ input: child.stdout }).on("line", (status) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    });
    return () => {
      end(child);
    };
  }

  /** Output of `./farm COMMAND`. Rejects when it fails or takes too long. */
  private run(command: string, args: readonly string[], input = ""): Promise<string> {
    return new Promise((resolve, reject) => {
      // In a process group of its own, so that all of it can be ended.
      const child = spawn(this.farm, [command, "--stack", this.stack, ...args], {
        stdio: ["pipe", "pipe", "inherit"],
        detached: true,
      });
      let text = "";
      const timer = setTimeout(() => {
        end(child);
        reject(new Error(`./farm ${command} ${args.join(" ")} gave no answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      child.stdout.on("data", (data: Buffer) => (text += data.toString()));
      child.on("error", reject);
      // The status reports a program that ended before it has read everything.
      child.stdin.on("error", () => undefined);
      child.on("close", (status) => {
        clearTimeout(timer);
        if (status === 0) resolve(text);
        else reject(new Error(`./farm ${command} ${args.join(" ")} ended with ${String(status)}`));
      });
      child.stdin.end(input);
    });
  }
}

function end(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
    process.kill(-child.pid, "SIGTERM");
}
