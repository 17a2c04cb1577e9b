import { readFileSync } from "node:fs";
import * as z from "zod";

const seconds = z.number().min(1).max(600);

const shape = z.strictObject({
  /** A manager's Docker: `unix:///path` or `tcp://host:port`. */
  dockerHost: z
    .string()
    .regex(/^(unix:\/\/\/|tcp:\/\/[^\s/]+:\d+$)/, "must be unix:///path or tcp://host:port")
    .default("unix:///var/run/docker.sock"),
  /** Where /healthz, /metrics and /state are served; 0: any free port. */
  port: z.int().min(0).max(65_535).default(8080),
  /** Of schedules that name none. */
  timeZone: z.string().min(1).default("UTC"),
  /** Longest time one request to Docker may take. */
  requestSeconds: seconds.default(15),
  /** From one look at the swarm to the next; a job is started when it is due, not at the next look. */
  periodSeconds: seconds.default(5),
});

/** All settings, with the defaults filled in. */
export type Settings = Readonly<z.output<typeof shape>>;

/** Settings of a JSON file; the error names every wrong one. */
export function readSettings(path: string | undefined): Settings {
  const file: unknown = path === undefined ? {} : JSON.parse(readFileSync(path, "utf8"));
  const read = shape.safeParse(file);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path: [key], message }) => `${String(key ?? "")}: ${message}`);
  throw new Error(`wrong settings:\n${problems.join("\n")}`);
}
