import type { Problem } from "../../infra/config/problem";
import type { RuleContext } from "../contract";
import { forwardedHeaders } from "./nginx-client";
import { block } from "./base/nginx-syntax";
import type { LoadBalancerConfig } from "./schema";
import {
  connectSeconds,
  droppedHeaders,
  maxAttempts,
  nameOf,
  readTimeoutOf,
  retrySecondsOf,
  type Route,
} from "./base/types";

/** gRPC's UNAVAILABLE, which clients may try again. */
const unavailable = 14;
const noServer = "no server of this route can be reached";

/** Statuses of a load balancer that reaches no server. */
const unreachable = [502, 503, 504] as const;

/** Whether a route leads to a gRPC service: HTTP/2 without TLS from the first byte. */
export function isGrpc({ protocol }: Route): boolean {
  return protocol === "grpc";
}

/** Keys of a route that a call has no use for, each with the reason. */
const refused = [
  ["compression", "a call compresses its own messages"],
  ["bodyMiB", "a stream has no size, and the service limits its messages"],
  ["sticky", "a gRPC client keeps no cookies"],
] as const;

/** A gRPC route has the whole of a host, leads to HTTP, and has no key for pages. */
export function grpcProblems(
  { routes = {} }: LoadBalancerConfig,
  { targets }: Pick<RuleContext, "targets">,
): Problem[] {
  return Object.entries(routes)
    .filter(([, { protocol }]) => protocol === "grpc")
    .flatMap(([name, route]) => {
      const path = `loadbalancer.routes.${name}`;
      return [
        ...(route.path === "/"
          ? []
          : [
              {
                path: `${path}.path`,
                message: `is '${route.path}'; the path of a gRPC call is its method, so the route must have '/': tell it from others by 'host'`,
              },
            ]),
        ...refused
          .filter(([key]) => route[key] !== undefined)
          .map(([key, reason]) => ({
            path: `${path}.${key}`,
            message: `cannot be used with protocol 'grpc': ${reason}; remove one of them`,
          })),
        ...(targets[name]?.kind === "fastcgi"
          ? [{ path: `${path}.protocol`, message: "is 'grpc', but this route leads to php by FastCGI; remove it" }]
          : []),
      ];
    });
}

/** The location of a gRPC route in nginx. A call may be silent for as long as the service may. */
export function nginxGrpc(route: Route): string[] {
  const { name, target } = route;
  const seconds = String(readTimeoutOf(route));
  return [
    `set $to ${target.kind === "http" ? name : `${nameOf(target)}:${String(target.port)}`};`,
    "grpc_pass grpc://$to;",
    `grpc_connect_timeout ${String(connectSeconds)}s;`,
    ...["grpc_read_timeout", "grpc_send_timeout", "client_body_timeout"].map((use) => `${use} ${seconds}s;`),
    "grpc_next_upstream error timeout;",
    `grpc_next_upstream_tries ${String(maxAttempts)};`,
    `grpc_next_upstream_timeout ${String(retrySecondsOf(route))}s;`,
    "grpc_set_header Host $asked_host;",
    ...droppedHeaders.map((header) => `grpc_set_header ${header} "";`),
    ...forwardedHeaders(route).map(([header, value]) => `grpc_set_header ${header} ${value};`),
    `error_page ${unreachable.join(" ")} =200 @unavailable;`,
  ];
}

/** The answer to a call that reaches no server. Other statuses of the load balancer have a meaning in gRPC's own table. */
export const nginxUnavailable = block(
  "location @unavailable",
  "default_type application/grpc;",
  `add_header grpc-status ${String(unavailable)} always;`,
  `add_header grpc-message "${noServer}" always;`,
  'return 200 "";',
);

/**
 * The client's timeout for calls, which a frontend of HAProxy has.
 *
 * @param host the test of the route's host
 */
export function haproxyGrpcTimeout(route: Route, host: string): string {
  const seconds = String(readTimeoutOf(route));
  return `http-request set-timeout client ${seconds}s if${host} { req.hdr(content-type) -m beg application/grpc }`;
}

const ownResponse = `if { status ${unreachable.join(" ")} } !{ var(txn.served) -m found }`;

/** The same for a backend of HAProxy: a response that no server gave. */
export const haproxyUnavailable: readonly string[] = [
  "http-response set-var(txn.served) bool(true)",
  // Without a body, so that the call ends with the headers.
  ...unreachable.map(
    (status) =>
      `http-error status ${String(status)} hdr grpc-status ${String(unavailable)} hdr grpc-message "${noServer}"`,
  ),
  `http-after-response set-header Content-Type application/grpc ${ownResponse}`,
  `http-after-response set-status 200 ${ownResponse}`,
];
