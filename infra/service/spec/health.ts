import type { HealthcheckArgs } from "./built-plugin";
import { duration } from "./units";
import type { Text } from "./text";

/** When and how often Docker checks a task. What is left out is the image's, and where that says nothing, Docker's. */
export interface HealthTiming {
  /** Between two checks; while a task starts, Docker checks every 3 s where that is less. Default: the image's, else 30 s. */
  readonly intervalSeconds?: number;
  /** Default: the image's, else 30 s. */
  readonly timeoutSeconds?: number;
  /** Failures in a row that make a task unhealthy. Default: the image's, else 3. */
  readonly retries?: number;
  /** Failures do not count for so long after the start. Default: the image's, else 0 s. */
  readonly startSeconds?: number;
  /**
   * Between two checks until then. Only the plugin that `./farm setup` builds can set it. Default: the image's, else 5 s, or
   * `intervalSeconds` where that is less.
   */
  readonly startIntervalSeconds?: number;
}

/** A health check by a program of the image. */
export interface HealthCommand extends HealthTiming {
  /** Program and arguments. It exits with 0 when the task can serve. */
  readonly command: readonly Text[];
  readonly shell?: never;
}

/** A health check by a line for the image's shell. */
export interface HealthShell extends HealthTiming {
  /** It exits with 0 when the task can serve. */
  readonly shell: Text;
  readonly command?: never;
}

/** The image's own check at other times. */
export interface ImageHealth extends HealthTiming {
  readonly command?: never;
  readonly shell?: never;
}

/** How Docker finds out whether a task can serve; `none`: not at all, whatever the image says. */
export type HealthCheck = HealthCommand | HealthShell | ImageHealth | "none";

/** The check as the provider takes it; zero is the image's or Docker's own value. */
export function healthcheckOf(health: HealthCheck): HealthcheckArgs {
  const timing = health === "none" ? {} : health;
  const { intervalSeconds = 0, timeoutSeconds = 0, retries = 0, startSeconds = 0, startIntervalSeconds = 0 } = timing;
  return {
    tests: testOf(health),
    interval: duration(intervalSeconds),
    timeout: duration(timeoutSeconds),
    retries,
    startPeriod: duration(startSeconds),
    startInterval: startIntervalSeconds === 0 ? undefined : duration(startIntervalSeconds),
  };
}

function testOf(health: HealthCheck): Text[] | undefined {
  if (health === "none") return ["NONE"];
  if (health.command !== undefined) return ["CMD", ...health.command];
  return health.shell !== undefined ? ["CMD-SHELL", health.shell] : undefined;
}
