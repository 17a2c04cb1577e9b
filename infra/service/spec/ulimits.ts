import type { ContainerSpecArgs } from "./built-plugin";

/** A limit of a container's processes, in its own unit (setrlimit(2)); -1 is none. Both, or one number for both. */
export type Ulimit = number | { readonly soft: number; readonly hard: number };

/** Names of limits, without `RLIMIT_` (github.com/docker/go-units, ulimit.go). */
export const ulimitNames = [
  "core",
  "cpu",
  "data",
  "fsize",
  "locks",
  "memlock",
  "msgqueue",
  "nice",
  "nofile",
  "nproc",
  "rss",
  "rtprio",
  "rttime",
  "sigpending",
  "stack",
] as const;

/** The limits as the plugin takes them, in the order of their names. */
export function ulimitList(ulimits: Readonly<Record<string, Ulimit>>): ContainerSpecArgs["ulimits"] {
  return Object.entries(ulimits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, limit]) => {
      const { soft, hard } = bothOf(limit);
      return { name, soft, hard };
    });
}

/** The soft and the hard limit. */
export function bothOf(limit: Ulimit): { readonly soft: number; readonly hard: number } {
  return typeof limit === "number" ? { soft: limit, hard: limit } : limit;
}
