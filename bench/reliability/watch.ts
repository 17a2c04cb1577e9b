import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { until } from "../../tests/live/until";
import { repository, type TestFarm } from "../../tests/live/farm";

interface Line {
  /** When it came, in milliseconds since 1970 by this machine's clock: the nodes' own clocks differ. */
  readonly at: number;
  readonly text: string;
}

const listening = "listening";

/** Output of a running command on a node, each line with the time at which it arrived. */
export class Watch {
  private readonly lines: Line[] = [];

  private constructor(private readonly child: ChildProcess) {
    if (!child.stdout) throw new Error("a watch reads what its command says, and there is nothing to read from");
    createInterface({ input: child.stdout }).on("line", (text) => this.lines.push({ at: Date.now(), text }));
  }

  /** Starts it, and waits until it listens. */
  static async start(farm: TestFarm, node: string, command: string): Promise<Watch> {
    // In a process group of its own, so that all of it can be ended.
    const child = spawn(join(repository, "farm"), ["ssh", node, `echo ${listening}; exec ${command}`], {
      cwd: repository,
      env: farm.env,
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const watch = new Watch(child);
    await until(`${node} to run ${command}`, () => Promise.resolve(watch.lines.some(({ text }) => text === listening)));
    return watch;
  }

  /** When the first line came that fits, if one did. */
  at(fits: RegExp, since: number): number | undefined {
    return this.lines.find(({ at, text }) => at >= since && fits.test(text))?.at;
  }

  /** Waits for it, and says when it came. */
  async first(what: string, fits: RegExp, since: number, timeoutMs: number): Promise<number> {
    await until(what, () => Promise.resolve(this.at(fits, since) !== undefined), timeoutMs);
    return this.at(fits, since) ?? since;
  }

  stop(): void {
    if (this.child.pid !== undefined && this.child.exitCode === null) process.kill(-this.child.pid, "SIGTERM");
  }
}
