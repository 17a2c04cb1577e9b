import { createInterface } from "node:readline";
import { type Docker, eventShape } from "@swarm-farm/docker-api";
import type * as z from "zod";

/** Fields of Docker's events that are read here. */
export type DockerEvent = z.output<typeof eventShape>;

/*
 * Nodes and services are the swarm's own events. Tasks have none, but the containers of the manager's own tasks do:
 * they serve as a hint to look again. `exec` is left out: health checks would be most of the stream.
 */
const filters = {
  type: ["node", "service", "container"],
  event: ["create", "update", "remove", "start", "die", "oom", "health_status"],
};

/** Docker's events from `sinceMs` of its own clock on, for as long as the connection lives. */
export async function* readEvents(docker: Docker, sinceMs: number, signal: AbortSignal): AsyncGenerator<DockerEvent> {
  const query = new URLSearchParams({ since: (sinceMs / 1000).toFixed(3), filters: JSON.stringify(filters) });
  const { body } = await docker.stream(`/events?${query.toString()}`, { signal, endless: true });
  for await (const line of createInterface({ input: body, crlfDelay: Infinity })) {
    const event = parseEvent(line);
    if (event) yield event;
  }
  // readline ends quietly when its input fails.
  throw body.errored ?? new Error("Docker ended the stream of events");
}

/** One line of the stream, or nothing if it is no event we understand: a half line is left when a stream is cut. */
export function parseEvent(line: string): DockerEvent | undefined {
  try {
    return eventShape.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
