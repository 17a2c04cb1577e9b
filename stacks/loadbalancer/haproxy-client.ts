import { haproxyCertificates } from "./sni/serving";
import { container, droppedHeaders, validHost, type LoadBalancerPlan } from "./base/types";

/** A port for PROXY protocol headers. A rule of `connection` sees the address of the proxy. */
export function proxyProtocol(plan: LoadBalancerPlan): string[] {
  const { proxyProtocol: proxies } = plan;
  if (!proxies) return [];
  const port = String(container.proxyProtocolPort);
  return [
    `bind :${port} accept-proxy ssl ${haproxyCertificates(plan)} alpn h2,http/1.1 id ${port}`,
    ...proxies.from.map((network) => `acl proxy src ${network}`),
    `tcp-request connection reject if { so_id ${port} } !proxy`,
  ];
}

/** Requests that HAProxy passes on and nginx refuses. */
export const malformed = [
  // Servers in C end a path at its zero byte.
  "http-request deny deny_status 400 if { path -m reg -i '%(00|[^0-9a-f]|.[^0-9a-f]|.?$)' }",
  "http-request deny deny_status 400 if { url -m str * } || { method CONNECT }",
  "http-request deny deny_status 405 if { method TRACE }",
  // A server that speaks HTTP/1.0 reads a chunked body as another request.
  "http-request deny deny_status 400 if HTTP_1.0 { req.hdr(transfer-encoding) -m found }",
  // The form for proxies: a service gets the path alone.
  "http-request set-uri %[pathq] if HTTP_1.1 { url_beg -i http:// https:// }",
];

/** Headers about the client: they replace those of the request, unless a trusted proxy sent it. */
export function client({ trustedProxies = [] }: LoadBalancerPlan): string[] {
  const unlessTrusted = (header: string) =>
    trustedProxies.length === 0 ? "" : ` unless trusted { req.hdr(${header}) -m found }`;
  return [
    // For a script, X_Forwarded_For is X-Forwarded-For.
    "http-request del-header _ -m sub",
    ...droppedHeaders.map((header) => `http-request del-header ${header}`),
    // Only WebSockets: a connection that changes to another protocol (h2c) would pass the rules of routes.
    "http-request del-header Upgrade unless { req.hdr(upgrade) -i websocket }",
    "http-request deny deny_status 400 if HTTP_1.1 !{ req.hdr(host) -m found }",
    // HTTP/1.0 requires no Host.
    "http-request set-header Host localhost unless { req.hdr(host) -m found }",
    `http-request deny deny_status 400 unless { req.fhdr(host) -m reg -i '^(${validHost.name})${validHost.port}$' }`,
    ...trustedProxies.map((network) => `http-request set-var(txn.trusted) bool(true) if { src ${network} }`),
    ...(trustedProxies.length === 0 ? [] : ["acl trusted var(txn.trusted) -m bool"]),
    ...(trustedProxies.length === 0
      ? []
      : ["http-request set-src hdr_ip(x-forwarded-for,-1) if trusted { req.hdr(x-forwarded-for) -m found }"]),
    "http-request set-header X-Real-IP %[src]",
    "http-request set-header X-Forwarded-For %[src]",
    `http-request set-header X-Forwarded-Proto https${unlessTrusted("x-forwarded-proto")}`,
    `http-request set-header X-Forwarded-Host %[req.hdr(host)]${unlessTrusted("x-forwarded-host")}`,
    "http-request set-var(txn.port) str(443)",
    "http-request set-var(txn.port) req.hdr(host),regsub(^.*:,) if { req.hdr(host) -m reg :[0-9]+$ }",
    `http-request set-header X-Forwarded-Port %[var(txn.port)]${unlessTrusted("x-forwarded-port")}`,
  ];
}
