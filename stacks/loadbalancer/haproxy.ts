import { haproxyChallenge } from "./acme/challenge";
import { haproxyCompression } from "./compression";
import { haproxyGrpcTimeout, haproxyUnavailable, isGrpc } from "./grpc";
import { fewOfOneClient } from "./base/haproxy-connections";
import { client, malformed, proxyProtocol } from "./haproxy-client";
import { hostTest } from "./base/hosts";
import { haproxyLogin, haproxyOidc, haproxyProxies, haproxyScript } from "./oidc/haproxy";
import { withoutSessions } from "./oidc/plan";
import { haproxyCertificates } from "./sni/serving";
import { stickyLines } from "./sticky";
import { haproxyStreams } from "./streams/haproxy";
import {
  bySpecificity,
  connectSeconds,
  container,
  defaultBodyMiB,
  dotSegment,
  headerKiB,
  headerSeconds,
  hstsValue,
  isByTask,
  maxAttempts,
  maxConnections,
  nameOf,
  phpLimits,
  readTimeoutOf,
  readTimeoutSeconds,
  type LoadBalancerPlan,
  type Route,
  type Target,
} from "./base/types";

/**
 * The whole haproxy.cfg of a load balancer.
 *
 * @param logins lines of `user:hash`. HAProxy has them in its configuration, so the result is secret if a route has a login
 */
export function haproxyConfig(plan: LoadBalancerPlan, logins: string): string {
  const routes = bySpecificity(withoutSessions(plan.routes));
  return [
    section(
      "global",
      "log stdout format raw local0 info",
      `maxconn ${String(maxConnections)}`,
      // A stream has two; where there are no more, it waits.
      "tune.buffers.limit 1024",
      // HAProxy keeps 1 KiB of it for headers that it adds.
      `tune.bufsize ${String((headerKiB + 1) * 1024)}`,
      // Buffers of that size go from request to request instead of to the kernel: 512 KiB, the default, are 13 of them, and each
      // request that may be sent again needs one more (bench/loadbalancer). Debian 12's HAProxy, 2.6, does not know it.
      ".if version_atleast(3.0)",
      "tune.memory.hot-size 16777216",
      ".endif",
      "ssl-default-bind-options ssl-min-ver TLSv1.2",
      ...(plan.drainSeconds === undefined ? [] : [`hard-stop-after ${String(plan.drainSeconds)}s`]),
      ...haproxyScript(routes),
    ),
    section(
      "defaults",
      "mode http",
      "log global",
      "option httplog",
      "option redispatch 1",
      `retries ${String(maxAttempts - 1)}`,
      // Responses of the application are not retried, and a slow page runs once.
      "retry-on conn-failure empty-response",
      `timeout connect ${String(connectSeconds)}s`,
      // A silent connection, a download that nobody reads.
      `timeout client ${String(readTimeoutSeconds)}s`,
      `timeout server ${String(readTimeoutSeconds)}s`,
      `timeout http-request ${String(headerSeconds)}s`,
      // A request that is on its way to a task that finishes would meet a closed connection.
      ...(plan.drainSeconds === undefined ? [] : ["option idle-close-on-response"]),
    ),
    // The addresses of all tasks of a service are one answer.
    section("resolvers docker", "nameserver docker 127.0.0.11:53", "accepted_payload_size 8192", "hold valid 1s"),
    ...users(logins),
    section(
      "frontend plain",
      `bind :${String(container.httpPort)}`,
      "http-request return status 200 content-type text/plain string ok if { path /healthz }",
      ...haproxyChallenge(plan),
      `http-request redirect prefix https://%[req.hdr(host),field(1,:)]${plan.httpsPort === 443 ? "" : `:${String(plan.httpsPort)}`} code 308`,
    ),
    section(
      "frontend tls",
      `bind :${String(container.httpsPort)} ssl ${haproxyCertificates(plan)} alpn h2,http/1.1`,
      ...proxyProtocol(plan),
      ...fewOfOneClient(plan),
      ...(plan.hsts ? [`http-response set-header Strict-Transport-Security "${hstsValue(plan.hsts)}"`] : []),
      `http-request deny deny_status 400 if { path -m reg -i '${dotSegment}' }`,
      ...malformed,
      ...client(plan),
      // These methods are not idempotent.
      "http-request disable-l7-retry if { method POST LOCK PATCH }",
      ...haproxyLogin(routes, hostTest),
      ...routes.flatMap(withSlash),
      // The last one holds.
      ...routes
        .filter(isGrpc)
        .reverse()
        .map((route) => haproxyGrpcTimeout(route, hostTest(route))),
      ...routes.map(useBackend),
      "default_backend nowhere",
    ),
    ...routes.flatMap(backend),
    ...haproxyProxies(routes).map(({ head, body }) => section(head, ...body)),
    section("backend clients", "stick-table type ip size 100k expire 2m store conn_cur"),
    section("backend nowhere", "http-request return status 404"),
    ...haproxyStreams(plan).map(({ head, body }) => section(head, ...body)),
  ].join("\n");
}

function users(logins: string): string[] {
  const entries = logins.split("\n").filter(Boolean);
  if (entries.length === 0) return [];
  const lines = entries.map((entry) => {
    const at = entry.indexOf(":");
    return `user ${entry.slice(0, at)} password ${entry.slice(at + 1)}`;
  });
  return [section("userlist logins", ...lines)];
}

/** A path without its last slash is redirected, with method and query. */
function withSlash(route: Route): string[] {
  if (route.path === "/") return [];
  const bare = route.path.slice(0, -1);
  const to = `%[pathq,regsub(^${bare},${route.path})]`;
  return [`http-request redirect location ${to} code 308 if${hostTest(route)} { path ${bare} }`];
}

/** By the decoded path, so that no encoding leads around a route. */
function useBackend(route: Route): string {
  return `use_backend ${route.name} if${hostTest(route)} { path,url_dec -m beg ${route.path} }`;
}

function backend(route: Route): string[] {
  const { name, path, target, login, allow, rateLimit, bodyMiB = defaultBodyMiB } = route;
  const access = [
    // One line each: HAProxy accepts 64 words in a line.
    ...(allow ?? []).map((network) => `acl allowed src ${network}`),
    ...(allow ? ["http-request deny deny_status 403 unless allowed"] : []),
    ...(login === true ? [`http-request auth realm ${name} unless { http_auth(logins) }`] : []),
    ...(login === true ? ["http-request del-header Authorization"] : []),
    ...(rateLimit
      ? [
          "stick-table type ip size 100k expire 30s store http_req_rate(1s)",
          "http-request track-sc0 src",
          `http-request deny deny_status 429 if { sc_http_req_rate(0) gt ${String(rateLimit.requestsPerSecond + rateLimit.burst)} }`,
        ]
      : []),
    ...haproxyOidc(route),
    // Without a Content-Length HAProxy does not know the size: the service's own limit holds.
    ...(isGrpc(route)
      ? []
      : [`http-request deny deny_status 413 if { req.body_size gt ${String(bodyMiB * 1024 * 1024)} }`]),
    ...["server", "tunnel"].map((use) => `timeout ${use} ${String(readTimeoutOf(route))}s`),
    ...haproxyCompression(route),
    ...(isGrpc(route) ? haproxyUnavailable : []),
    ...stickyLines(route),
  ];
  const servers = serversOf(target).map((server) => `${server}${isGrpc(route) ? " proto h2" : ""}`);
  if (target.kind !== "fastcgi") {
    const balance = target.kind === "http" || isByTask(target) ? ["balance roundrobin"] : [];
    return [section(`backend ${name}`, ...access, ...stripPrefix(path), ...balance, ...servers)];
  }
  const app = `${name}-app`;
  return [
    section(
      `fcgi-app ${app}`,
      "log-stderr global",
      `docroot ${target.root}`,
      "index index.php",
      `set-param PHP_VALUE "${phpLimits(bodyMiB)}"`,
      // HAProxy derives the script from REQUEST_URI, which is the client's here.
      "set-param REQUEST_URI %[var(txn.uri)]",
      `set-param SCRIPT_FILENAME ${target.root}%[path,url_dec]`,
      ...["SCRIPT_NAME", "DOCUMENT_URI"].map((param) => `set-param ${param} %[path,url_dec]`),
      "set-param SERVER_NAME %[req.hdr(host),field(1,:),lower]",
      "set-param REQUEST_SCHEME https",
      ...onePerRequest,
    ),
    section(
      `backend ${name}`,
      ...access,
      "http-request set-var(txn.uri) pathq",
      ...stripPrefix(path),
      // The application answers everything that is not a script.
      "http-request set-path /index.php unless { path,url_dec -m end .php }",
      "balance roundrobin",
      `use-fcgi-app ${app}`,
      ...servers,
    ),
  ];
}

/** The most tasks of a service that are used at once; HAProxy has a slot for each. */
const slots = 32;

function serversOf(target: Target): string[] {
  const check = "check inter 3s fall 2 rise 1";
  if (target.kind === "http")
    return target.servers.map(({ name, address, port }) => `server ${name} ${address}:${String(port)} ${check}`);
  const { service, port } = target;
  const at = `${nameOf(target)}:${String(port)} resolvers docker init-addr none`;
  if (!isByTask(target)) return [`server ${service} ${at}`];
  const proto = target.kind === "fastcgi" ? " proto fcgi" : "";
  return [`server-template ${service} ${String(slots)} ${at} resolve-prefer ipv4 ${check}${proto}`];
}

/** Closes connections to php-fpm, which has one process for each: idle ones would occupy them. */
const onePerRequest = ["no option keep-conn"];

function stripPrefix(path: string): string[] {
  return [
    // The prefix must not be encoded.
    ...(path === "/" ? [] : [`http-request deny deny_status 400 unless { path_beg ${path} }`]),
    `http-request set-header X-Forwarded-Prefix ${path}`,
    `http-request replace-path ${path}(.*) /\\1`,
  ];
}

function section(head: string, ...body: readonly string[]): string {
  return `${[head, ...body.map((text) => `  ${text}`)].join("\n")}\n`;
}
