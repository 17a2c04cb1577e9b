import { spawn, type ChildProcess } from "node:child_process";
import { z } from "zod";

const Outputs = z.object({
  nodes: z.array(z.object({ name: z.string() })),
  urls: z.record(z.string(), z.string()),
});

/** Longer than an emulated node takes to walk its images. */
const timeoutSeconds = 240;

/** An existing farm, through `./farm` alone. */
export class RunningFarm {
  /** @param farm the program `./farm`, or one that stands in for it */
  constructor(
    protected readonly farm: string,
    protected readonly stack: string,
  ) {}

  /** The names of its nodes, and where its services answer. */
  async outputs(): Promise<z.infer<typeof Outputs>> {
    return Outputs.parse(JSON.parse(await this.run("outputs", ["--json"])));
  }

  /**
   * Output of a command of a node's shell, by one ssh.
   *
   * @param input its standard input
   * @param seconds that it may take. Default: 240
   */
  onNode(node: string, command: string, input: string, seconds = timeoutSeconds): Promise<string> {
    return this.run("ssh", [node, command], input, seconds);
  }

  /** Output of `./farm COMMAND`. Rejects when it fails or takes too long. */
  private run(command: string, args: readonly string[], input = "", seconds: number = timeoutSeconds): Promise<string> {
    return new Promise((resolve, reject) => {
      // In a process group of its own, so that all of it can be ended.
      const child = spawn(this.farm, [command, "--stack", this.stack, ...args], {
        stdio: ["pipe", "pipe", "inherit"],
        detached: true,
      });
      let text = "";
      const timer = setTimeout(() => {
        endGroup(child);
        reject(new Error(`./farm ${command} ${args.join(" ")} gave no answer within ${seconds} s`));
      }, seconds * 1000);
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

/** Ends a child that has a process group of its own, with all that it started there. */
export function endGroup(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
    process.kill(-child.pid, "SIGTERM");
}
