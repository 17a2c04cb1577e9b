import { z } from "zod";

const address = /^(?:(?<host>[^\s:]*):)?(?<port>\d{1,5})$/;

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
  LISTEN: z
    .string()
    .regex(/^(\/|unix:\/\/\/)|^(?:[^\s:]*:)?\d{1,5}$/, "is a path of a socket, a port, or host:port")
    .default("2375"),
});

/** What the environment says, with the defaults filled in. */
export type Settings = z.output<typeof shape>;

/** Reads the settings; the error names every wrong one. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  // `PORT=` in a compose file means: not set.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const read = shape.safeParse(set);
  if (read.success) return read.data;
  throw new Error(read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"));
}

/** `LISTEN`, as node's servers take it. */
export function listenOptions(listen: string): { path: string } | { port: number; host?: string } {
  const groups = address.exec(listen)?.groups;
  if (!groups) return { path: listen.replace(/^unix:\/\//, "") };
  return { port: Number(groups.port), ...(groups.host && { host: groups.host }) };
}
