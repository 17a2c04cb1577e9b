import type { z } from "zod";
import type { PublishedPort } from "../../contract/entries";
import type { Listener } from "../base/types";
import type { Streams } from "./schema";

export type StreamsConfig = z.infer<typeof Streams>;

/** The first port of a container for streams: no other of its ports, and none of those that Linux gives to connections. */
const firstPort = 20_000;

/** nginx's `proxy_timeout`, and a short one for UDP, which has no end of a connection. */
const defaultSeconds = { tcp: 600, tls: 600, udp: 30 } as const;

/** How long a connection of a stream may be silent, in seconds. */
export function timeoutOf({ timeoutSeconds, protocol }: StreamsConfig[string]): number {
  return timeoutSeconds ?? defaultSeconds[protocol];
}

/** Each port once: streams of `tls` share theirs. */
export function listenersOf(streams: StreamsConfig = {}): Listener[] {
  const byPort = new Map<string, Listener>();
  for (const [name, stream] of Object.entries(streams)) {
    const { port, protocol, allow, service, target = port, host } = stream;
    const key = protocol === "tls" ? `${String(port)}/tls` : name;
    const listen = firstPort + byPort.size;
    const { upstreams, ...listener } = byPort.get(key) ?? {
      published: port,
      listen,
      protocol,
      allow,
      timeoutSeconds: timeoutOf(stream),
      upstreams: [],
    };
    byPort.set(key, { ...listener, upstreams: [...upstreams, { name, service, port: target, host }] });
  }
  return [...byPort.values()];
}

/** The ports of streams for the plan of all ports: a port that streams of `tls` share is there once. */
export function streamPorts(streams: StreamsConfig = {}): PublishedPort[] {
  return listenersOf(streams).flatMap(({ published, protocol, upstreams }) =>
    upstreams.slice(0, 1).map(({ name, service, port }): PublishedPort => ({
      service: "loadbalancer",
      port: published,
      protocol: protocol === "udp" ? "udp" : "tcp",
      key: `loadbalancer.streams.${name}.port`,
      to: { service, port },
    })),
  );
}
