import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository, type Ended, type TestFarm } from "../../live/farm";

const Result = z.object({
  sent: z.number(),
  /** Of the client that repeats nothing. */
  failures: z.array(z.string()),
  /** Requests that a client with retries had no answer to. */
  lost: z.number(),
  /** The longest time between two answers. */
  gapSeconds: z.number(),
});

/** Clients in the farm's own namespace while something else happens. */
export class Watch {
  private constructor(
    private readonly stopFile: string,
    private readonly ended: Promise<Ended>,
  ) {}

  static start(farm: TestFarm, url: string): Watch {
    const stopFile = join(farm.home, "stop-watch");
    rmSync(stopFile, { force: true });
    const script = join(repository, "tests", "faults", "vip", "clients.ts");
    const args = [process.execPath, "--import", "tsx", script, url, farm.authority, stopFile];
    return new Watch(stopFile, farm.farm(["run", "--", ...args]));
  }

  /** Ends them. */
  async stop(): Promise<z.infer<typeof Result>> {
    writeFileSync(this.stopFile, "");
    const { status, stdout, output } = await this.ended;
    if (status !== 0) throw new Error(`the clients ended with ${String(status)}:\n${output}`);
    return Result.parse(JSON.parse(stdout));
  }
}
