import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository, type Ended, type TestFarm } from "./farm";

const Result = z.object({
  sent: z.number(),
  failures: z.array(z.string()),
  seen: z.record(z.string(), z.number()),
  /** Seconds that the slowest answer took. */
  slowest: z.number(),
  seconds: z.number(),
});

type Result = z.infer<typeof Result>;

const FirstAnswer = z.object({ task: z.string(), at: z.number() });

/** Requests in the farm's own namespace while something else happens. */
export class Load {
  private constructor(
    private readonly stopFile: string,
    private readonly tasksFile: string,
    private readonly ended: Promise<Ended>,
  ) {}

  /**
   * @param bounds.min at least this many, even if stopped earlier
   * @param bounds.max no more than so many
   * @param bounds.pauseMs between two requests of a client: emulated nodes that answer as much as they can have no time
   *   left to tell each other that they live, and are taken for dead. Default: 500
   */
  static start(
    farm: TestFarm,
    url: string,
    bounds: { readonly min: number; readonly max: number; readonly clients?: number; readonly pauseMs?: number },
  ): Load {
    const stopFile = join(farm.home, "stop-load");
    rmSync(stopFile, { force: true });
    const tasksFile = join(farm.home, "tasks-seen");
    writeFileSync(tasksFile, "");
    const { min, max, clients = 2, pauseMs = 500 } = bounds;
    const script = join(repository, "tests", "live", "load.ts");
    const args = [url, farm.authority, stopFile, tasksFile, ...[min, max, clients, pauseMs].map(String)];
    const ended = farm.farm(["run", "--", process.execPath, "--import", "tsx", script, ...args]);
    return new Load(stopFile, tasksFile, ended);
  }

  /** When each task answered for the first time, in milliseconds since 1970, by its whole name. */
  tasks(): ReadonlyMap<string, number> {
    const lines = readFileSync(this.tasksFile, "utf8").trim().split("\n").filter(Boolean);
    return new Map(
      lines.map((line) => {
        const { task, at } = FirstAnswer.parse(JSON.parse(line));
        return [task, at];
      }),
    );
  }

  /** Ends it, and says what came of it. */
  async stop(): Promise<Result> {
    writeFileSync(this.stopFile, "");
    const { status, stdout, output } = await this.ended;
    if (status !== 0) throw new Error(`the load ended with ${String(status)}:\n${output}`);
    return Result.parse(JSON.parse(stdout));
  }
}
