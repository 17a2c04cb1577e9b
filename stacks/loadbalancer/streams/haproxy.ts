import { hostRank, pattern } from "../base/hosts";
import {
  connectSeconds,
  headerSeconds,
  maxAttempts,
  type Listener,
  type LoadBalancerPlan,
  type Section,
} from "../base/types";
import { fewOfOneClient } from "../base/haproxy-connections";

/** The most tasks of a service that are used at once. */
const slots = 32;

/** HAProxy's sections for streams, after all others, since their `defaults` hold from there on. */
export function haproxyStreams(plan: LoadBalancerPlan): Section[] {
  const { streams = [] } = plan;
  if (streams.length === 0) return [];
  return [
    {
      head: "defaults streams",
      body: [
        "mode tcp",
        "log global",
        "option tcplog",
        "option redispatch 1",
        `retries ${String(maxAttempts - 1)}`,
        `timeout connect ${String(connectSeconds)}s`,
      ],
    },
    ...streams.flatMap((listener) => [frontend(plan, listener), ...backends(listener)]),
  ];
}

function frontend(plan: LoadBalancerPlan, { listen, protocol, allow, timeoutSeconds, upstreams }: Listener): Section {
  const chosen = [...upstreams].sort((a, b) => hostRank(b) - hostRank(a));
  return {
    head: `frontend stream_${String(listen)}`,
    body: [
      `bind :${String(listen)}`,
      `timeout client ${String(timeoutSeconds)}s`,
      ...(allow ?? []).map((network) => `acl allowed src ${network}`),
      ...(allow ? ["tcp-request connection reject unless allowed"] : []),
      ...fewOfOneClient(plan),
      ...(protocol === "tls"
        ? [
            `tcp-request inspect-delay ${String(headerSeconds)}s`,
            "tcp-request content accept if { req.ssl_hello_type 1 }",
            "tcp-request content reject",
            // A name of no stream has no backend: the connection is closed.
            ...chosen.map(({ name, host = "" }) => `use_backend stream_${name} if { req.ssl_sni ${named(host)} }`),
          ]
        : chosen.map(({ name }) => `default_backend stream_${name}`)),
    ],
  };
}

function named(host: string): string {
  return host.startsWith("*.") ? `-m reg -i '${pattern(host)}$'` : `-i ${host}`;
}

/** Without health checks: a service that greets or counts its clients, such as a database, takes a check for a client that fails. */
function backends({ timeoutSeconds, upstreams }: Listener): Section[] {
  return upstreams.map(({ name, service, port }) => ({
    head: `backend stream_${name}`,
    body: [
      `timeout server ${String(timeoutSeconds)}s`,
      "balance roundrobin",
      `server-template ${name} ${String(slots)} tasks.${service}:${String(port)} resolvers docker init-addr none resolve-prefer ipv4`,
    ],
  }));
}
