import * as z from "zod";

const shape = z.object({
  DOCKER_HOST: z
    .string()
    .regex(/^(unix:\/\/\/|tcp:\/\/[^\s/]+:\d+$)/, "is unix:///path or tcp://host:port")
    .default("unix:///var/run/docker.sock"),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  HOST: z.string().optional(),
  HISTORY: z.coerce.number().int().min(100).max(100_000).default(2000),
  VIEWERS: z.coerce.number().int().min(1).max(100_000).default(1000),
  LOGS: z.enum(["on", "off"]).default("on"),
  LOGIN_FILE: z.string().optional(),
  PROMETHEUS: z
    .string()
    .regex(/^https?:\/\/[^\s/]+(\/[^\s?#]*[^\s?#/])?$/, "is the URL of a Prometheus without a slash at its end")
    .optional(),
  LOGS_PAGE: z
    .string()
    .regex(/^\/[^\s?#]*$/, "is a path, e.g. /logs/select/vmui/")
    .optional(),
  VICTORIALOGS: z
    .string()
    .regex(/^https?:\/\/[^\s/]+(\/[^\s?#]*[^\s?#/])?$/, "is the URL of a VictoriaLogs without a slash at its end")
    .optional(),
});

/** The environment's settings, with the defaults filled in. */
export type Settings = z.output<typeof shape>;

/** Reads the settings; the error names every wrong one. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  // `PORT=` in a compose file means: not set.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const read = shape.safeParse(set);
  if (read.success) return read.data;
  throw new Error(read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"));
}
