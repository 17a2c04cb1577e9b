import { readFileSync } from "node:fs";
import * as z from "zod";

/**
 * An action is one reading and one writing request: the holder must not begin one later than this before its end.
 *
 * @returns seconds
 */
export const safetySeconds = ({ requestSeconds }: { readonly requestSeconds: number }): number => 2 * requestSeconds;

const seconds = (least: number) => z.number().min(least).max(86_400);
const onOff = z.enum(["on", "off"]);

const shape = z
  .strictObject({
    /** A manager's Docker: `unix:///path` or `tcp://host:port`. */
    dockerHost: z
      .string()
      .regex(/^(unix:\/\/\/|tcp:\/\/[^\s/]+:\d+$)/, "must be unix:///path or tcp://host:port")
      .default("unix:///var/run/docker.sock"),
    prometheusUrl: z.url({ protocol: /^https?$/, error: "must be http://host:port" }).default("http://prometheus:9090"),
    /** Where /healthz, /metrics and /state are served; 0: any free port. */
    port: z.int().min(0).max(65_535).default(8080),
    rebalance: onOff.default("on"),
    autoscale: onOff.default("on"),
    /** Longest time one request to Docker or Prometheus may take. */
    requestSeconds: seconds(1).default(5),
    /** From the beginning of one look at the swarm to the next. */
    periodSeconds: seconds(1).default(5),
    /** A steward that was silent for so long is replaced. */
    leaseSeconds: seconds(1).default(20),
    /** Smallest skew that is worth a move. Below 2, a move could not lower it. */
    threshold: z.int().min(2).max(1_000).default(2),
    /** How long nothing must have changed before a move. */
    quietSeconds: seconds(0).default(60),
    /** How long the new tasks of a move may take until they run. */
    moveDeadlineSeconds: seconds(20).default(180),
    /** How much longer, if giving them up would make Swarm remove tasks that run. */
    moveGraceSeconds: seconds(0).default(600),
    /** How long all tasks must run before a move goes on. */
    steadySeconds: seconds(0).default(5),
    /** How long a service rests after a failed move; doubled by each further failure, up to the second value. */
    restSeconds: seconds(1).default(300),
    restMaxSeconds: seconds(1).default(3_600),
    /** Window of the rates that Prometheus computes: at least two scrapes. */
    rateWindowSeconds: z.int().min(5).max(3_600).default(60),
  })
  .refine((of) => of.leaseSeconds >= safetySeconds(of) + 2 * of.periodSeconds, {
    message: "must be at least 2 × requestSeconds + 2 × periodSeconds: the holder must get to renew it",
    path: ["leaseSeconds"],
  });

/** All settings, with the defaults filled in. */
export type Settings = Readonly<z.output<typeof shape>>;

/** `periodSeconds` as a variable: `PERIOD_SECONDS`. */
const variable = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(shape.shape).flatMap((key) => {
      const text = environment[variable(key)];
      // `PORT=` in a compose file means: not set.
      if (text === undefined || text === "") return [];
      return [[key, /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text]];
    }),
  );
}

function fromFile(path: string): object {
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new Error("not an object");
}

/** Settings of a JSON file, over which variables go; the error names every wrong one. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  path: string | undefined,
): Settings {
  let file = {};
  try {
    if (path !== undefined) file = fromFile(path);
  } catch (error) {
    throw new Error(`settings file '${path}': ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = shape.safeParse({ ...file, ...fromEnvironment(environment) });
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path: [key], message }) =>
    key === undefined ? message : `${String(key)} (${variable(String(key))}): ${message}`,
  );
  throw new Error(`wrong settings:\n${problems.join("\n")}`);
}
