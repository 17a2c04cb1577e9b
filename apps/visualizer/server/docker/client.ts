import { Docker, type Observer } from "@swarm-farm/docker-api";
import { isAllowed } from "./allow.ts";

/** Longer than a manager takes to list thousands of tasks. */
const timeoutMs = 15_000;

/** The only way to Docker: sends a GET of the fixed list, or nothing at all. */
export const readOnlyDocker = (host: string, observe?: Observer): Docker =>
  new Docker(host, {
    timeoutMs,
    // The stream of events, three lists, and the logs that are read at one time.
    connections: 8,
    allow: (method, target) => method === "GET" && isAllowed(target),
    ...(observe && { observe }),
  });
