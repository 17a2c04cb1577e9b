import type { Problem } from "../../../infra/config/problem";
import type { RuleContext } from "../../contract";
import { timeoutOf, type StreamsConfig } from "./plan";

interface Config {
  readonly implementation: "nginx" | "haproxy";
  readonly drainSeconds?: number | undefined;
  readonly streams?: StreamsConfig | undefined;
}

/** Streams that the program, the grace of an update, or each other rule out, and those that lead to no service. */
export function streamProblems(config: Config, { streamTargets }: Pick<RuleContext, "streamTargets">): Problem[] {
  const { streams = {} } = config;
  return Object.entries(streams).flatMap(([name, stream]) =>
    [
      ...udpProblems(config, stream),
      ...hostProblems(stream),
      ...sharedProblems(name, stream, streams),
      ...serviceProblems(stream, streamTargets),
    ].map(([key, message]): Problem => ({ path: `loadbalancer.streams.${name}.${key}`, message })),
  );
}

type Found = [key: string, message: string][];
type Stream = StreamsConfig[string];

function udpProblems({ implementation, drainSeconds }: Config, { protocol }: Stream): Found {
  if (protocol !== "udp") return [];
  if (implementation === "haproxy")
    return [
      [
        "protocol",
        "is 'udp', which HAProxy does not pass on; set loadbalancer.implementation to nginx, or publish the port in the compose file",
      ],
    ];
  if (drainSeconds === undefined) return [];
  const message =
    "is 'udp', which cannot be used with 'loadbalancer.drainSeconds': a datagram has no connection that stays with its task; remove one of them";
  return [["protocol", message]];
}

function hostProblems({ protocol, host }: Stream): Found {
  if (protocol === "tls" && host === undefined)
    return [["host", "is missing; a stream with 'tls' is chosen by the name that the client asks for (SNI)"]];
  if (protocol !== "tls" && host !== undefined)
    return [["host", `cannot be used with '${protocol}', which has no name; set protocol to tls, or remove it`]];
  return [];
}

/** Streams of `tls` on one port: each has its host, and the port has one list of clients and one timeout. */
function sharedProblems(name: string, stream: Stream, streams: StreamsConfig): Found {
  if (stream.protocol !== "tls") return [];
  const others = Object.entries(streams)
    .slice(0, Object.keys(streams).indexOf(name))
    .filter(([, { protocol, port }]) => protocol === "tls" && port === stream.port);
  return others.flatMap(([other, its], at): Found => {
    const port = `port ${String(stream.port)}`;
    if (its.host === stream.host && its.host !== undefined)
      return [
        ["host", `is '${its.host}', as that of stream '${other}' on ${port} is; give one of them another host or port`],
      ];
    if (at > 0) return [];
    const differs = [
      ...(JSON.stringify(its.allow) === JSON.stringify(stream.allow) ? [] : ["allow"]),
      ...(timeoutOf(its) === timeoutOf(stream) ? [] : ["timeoutSeconds"]),
    ];
    return differs.map((key) => [
      key,
      `differs from that of stream '${other}', and ${port} of both has one; set the same for both, or choose another port`,
    ]);
  });
}

function serviceProblems({ service }: Stream, known: RuleContext["streamTargets"]): Found {
  if (known === "unread" || known.includes(service)) return [];
  const names = known.map((each) => `'${each}'`).join(", ");
  return [["service", `is '${service}', which is no service of 'stacks'; services: ${names || "none"}`]];
}
