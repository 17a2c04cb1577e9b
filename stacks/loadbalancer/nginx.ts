import { nginxChallenge } from "./acme/challenge";
import { nginxCompression } from "./compression";
import { isGrpc, nginxGrpc, nginxUnavailable } from "./grpc";
import { routesOfHost, serverName } from "./base/hosts";
import { clientMaps, forwardedHeaders, realIp, restMap, restOf } from "./nginx-client";
import { block, lines } from "./base/nginx-syntax";
import { nginxCookies, nginxLogin, nginxOidc } from "./oidc/nginx";
import { withoutSessions } from "./oidc/plan";
import { nginxStreamModule, nginxStreams } from "./streams/nginx";
import { certificateFor, certifiedHosts } from "./sni/serving";
import {
  bySpecificity,
  connectSeconds,
  container,
  defaultBodyMiB,
  dotSegment,
  droppedHeaders,
  headerKiB,
  headerSeconds,
  hstsValue,
  maxAttempts,
  maxConnections,
  nameOf,
  phpLimits,
  readTimeoutOf,
  readTimeoutSeconds,
  retrySecondsOf,
  type LoadBalancerPlan,
  type RateLimit,
  type Route,
  type Server,
  type Target,
} from "./base/types";

/** The whole nginx.conf of a load balancer. */
export function nginxConfig(plan: LoadBalancerPlan): string {
  const routes = bySpecificity(withoutSessions(plan.routes));
  const hosts = [...new Set([...routes.map((route) => route.host), ...certifiedHosts(plan)])];
  return lines(
    ...nginxStreamModule(plan),
    "worker_processes 1;",
    // Each request meets three regular expressions at least.
    "pcre_jit on;",
    "pid /tmp/nginx.pid;",
    "error_log /dev/stderr warn;",
    // Connections that are open after that are closed.
    ...(plan.drainSeconds === undefined ? [] : [`worker_shutdown_timeout ${String(plan.drainSeconds)}s;`]),
    block("events", `worker_connections ${String(maxConnections)};`),
    block(
      "http",
      "include /etc/nginx/mime.types;",
      "server_tokens off;",
      // The redirect from /hello to /hello/ is relative, since the published port is another one.
      "absolute_redirect off;",
      // For the longest possible host name.
      "server_names_hash_bucket_size 512;",
      ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((use) => `${use}_temp_path /tmp/${use};`),
      `log_format farm '$remote_addr $route "$request" $status $body_bytes_sent $request_time "$upstream_addr" "$upstream_status"';`,
      // A write for each request is a tenth of its time.
      "access_log /dev/stdout farm buffer=32k flush=1s;",
      // Which route a request took; none took one that no location of a route was found for.
      block('map "" $route', "default nowhere;"),
      ...clientMaps(plan),
      ...realIp(plan),
      ...nginxCookies(routes).map(({ head, body }) => block(head, ...body)),
      // Docker's name server: addresses of services and tasks change.
      "resolver 127.0.0.11 valid=1s ipv6=off;",
      "keepalive_timeout 65s;",
      `client_header_timeout ${String(headerSeconds)}s;`,
      `client_body_timeout ${String(readTimeoutSeconds)}s;`,
      // A path reaches the service as the client sent it.
      "merge_slashes off;",
      `large_client_header_buffers 2 ${String(headerKiB)}k;`,
      ...["proxy", "fastcgi"].flatMap(headerBuffers),
      ...routes.flatMap((route) => [restMap(route), ...limitZone(route), ...upstream(route)]),
      ...plainServer(plan),
      ...hosts.flatMap((host) => tlsServer(plan, host, routesOfHost(host, routes))),
      ...(hosts.includes(undefined) ? [] : tlsServer(plan, undefined, [])),
    ),
    ...nginxStreams(plan),
  );
}

/** One buffer holds all headers of a response. nginx requires the busy size to be at most that of all buffers but one. */
function headerBuffers(use: string): string[] {
  const size = `${String(headerKiB)}k;`;
  return [`${use}_buffer_size ${size}`, `${use}_buffers 8 8k;`, `${use}_busy_buffers_size ${size}`];
}

/**
 * Retries only connections that fail or break before a response. `max_fails=0`: nginx counts a read timeout as a failure, so a
 * slow page would mark a server as down.
 */
function retries(use: "proxy" | "fastcgi", route: Route): string[] {
  return [
    `${use}_next_upstream error timeout;`,
    `${use}_next_upstream_tries ${String(maxAttempts)};`,
    `${use}_next_upstream_timeout ${String(retrySecondsOf(route))}s;`,
  ];
}

function limitZone({ name, rateLimit }: Route): string[] {
  if (!rateLimit) return [];
  return [`limit_req_zone $binary_remote_addr zone=${name}:1m rate=${String(rateLimit.requestsPerSecond)}r/s;`];
}

function limit(zone: string, { burst }: RateLimit): string {
  return `limit_req zone=${zone}${burst > 0 ? ` burst=${String(burst)} nodelay` : ""};`;
}

function upstream({ name, target }: Route): string[] {
  if (target.kind !== "http") return [];
  const servers = target.servers.map(({ address, port }: Server) => `server ${address}:${String(port)} max_fails=0;`);
  // Servers close idle connections, Node.js after 5 s: a POST on one that closes at that moment would fail.
  return [block(`upstream ${name}`, ...servers, "keepalive 16;", "keepalive_timeout 4s;")];
}

function plainServer(plan: LoadBalancerPlan): string[] {
  const { httpsPort } = plan;
  const port = httpsPort === 443 ? "" : `:${String(httpsPort)}`;
  return [
    block(
      "server",
      `listen ${String(container.httpPort)} default_server;`,
      block("location = /healthz", "access_log off;", 'return 200 "ok\\n";'),
      ...nginxChallenge(plan),
      block("location /", "set $route plain;", `return 308 https://$host${port}$request_uri;`),
    ),
  ];
}

/** @param routes that requests to this host may take */
function tlsServer(plan: LoadBalancerPlan, host: string | undefined, routes: readonly Route[]): string[] {
  const { hsts, proxyProtocol } = plan;
  const certificate = certificateFor(plan, host);
  return [
    block(
      "server",
      `listen ${String(container.httpsPort)} ssl${host === undefined ? " default_server" : ""};`,
      ...(proxyProtocol
        ? [
            `listen ${String(container.proxyProtocolPort)} ssl proxy_protocol${host === undefined ? " default_server" : ""};`,
          ]
        : []),
      "http2 on;",
      `server_name ${serverName(host)};`,
      `ssl_certificate ${certificate};`,
      `ssl_certificate_key ${certificate};`,
      "ssl_protocols TLSv1.2 TLSv1.3;",
      "ssl_session_cache shared:tls:1m;",
      ...(hsts ? [`add_header Strict-Transport-Security "${hstsValue(hsts)}" always;`] : []),
      // 444 closes the connection.
      ...(proxyProtocol ? ["if ($no_proxy) {", "  return 444;", "}"] : []),
      "if ($wrong_host) {",
      "  return 400;",
      "}",
      `if ($request_uri ~* "^[^?]*${dotSegment.replace("|$)", "|[?]|$)")}") {`,
      "  return 400;",
      "}",
      ...routes.flatMap((route) => [...withSlash(route), location(route)]),
      ...(routes.some(isGrpc) ? [nginxUnavailable] : []),
      ...nginxLogin(routes, connectSeconds).map(({ head, body }) => block(head, ...body)),
      // Without it nginx serves its own page.
      ...(routes.some(({ path }) => path === "/") ? [] : [block("location /", "return 404;")]),
    ),
  ];
}

/** A path without its last slash is redirected, with method and query. */
function withSlash({ path }: Route): string[] {
  return path === "/" ? [] : [block(`location = ${path.slice(0, -1)}`, `return 308 ${path}$is_args$args;`)];
}

function location(route: Route): string {
  const { name, path, target, login, allow, rateLimit, bodyMiB = defaultBodyMiB } = route;
  return block(
    `location ${path}`,
    `set $route ${name};`,
    ...(login === true ? [`auth_basic "${name}";`, `auth_basic_user_file ${container.logins};`] : []),
    ...nginxOidc(route),
    ...(allow ? [...allow.map((network) => `allow ${network};`), "deny all;"] : []),
    ...(rateLimit ? [limit(name, rateLimit), "limit_req_status 429;"] : []),
    // A stream of gRPC has no size.
    `client_max_body_size ${isGrpc(route) ? "0" : `${String(bodyMiB)}m`};`,
    ...nginxCompression(route),
    ...(isGrpc(route) ? nginxGrpc(route) : target.kind === "fastcgi" ? fastcgi(route, target) : proxy(route)),
  );
}

/** Bodies pass in both directions as they come: no temporary files, and events arrive at once. */
const unbuffered = ["proxy_request_buffering off;", "proxy_buffering off;"];

/** Headers from a service to an nginx of its own are not for this one. */
const ignoredHeaders = ["Redirect", "Expires", "Limit-Rate", "Buffering", "Charset"].map((name) => `X-Accel-${name}`);

function proxy(route: Route): string[] {
  const { name, path, target } = route;
  return [
    // nginx looks up a name in a variable again when it expires.
    `set $to ${target.kind === "http" ? name : `${nameOf(target)}:${String(target.port)}`};`,
    // The prefix must not be encoded.
    ...(path === "/" ? [] : [block(`if ($request_uri !~ ^${path})`, "return 400;")]),
    `proxy_pass http://$to/${restOf(route)};`,
    "proxy_redirect off;",
    ...unbuffered,
    `proxy_ignore_headers ${ignoredHeaders.join(" ")};`,
    "proxy_http_version 1.1;",
    `proxy_connect_timeout ${String(connectSeconds)}s;`,
    `proxy_read_timeout ${String(readTimeoutOf(route))}s;`,
    ...retries("proxy", route),
    "proxy_set_header Upgrade $websocket;",
    `proxy_set_header Connection ${target.kind === "http" ? "$kept_connection_header" : "$connection_header"};`,
    "proxy_set_header Host $asked_host;",
    ...droppedHeaders.map((header) => `proxy_set_header ${header} "";`),
    ...forwardedHeaders(route).map(([header, value]) => `proxy_set_header ${header} ${value};`),
  ];
}

function fastcgi(route: Route, target: Extract<Target, { readonly kind: "fastcgi" }>): string[] {
  const { path, bodyMiB = defaultBodyMiB } = route;
  const { root } = target;
  return [
    // Before the rewrites: `break` ends all directives of their module.
    `set $to ${nameOf(target)}:${String(target.port)};`,
    `rewrite ^${path}(.*\\.php)$ /$1 break;`,
    `rewrite ^${path} /index.php break;`,
    "include /etc/nginx/fastcgi_params;",
    "fastcgi_pass $to;",
    `fastcgi_param SCRIPT_FILENAME ${root}$uri;`,
    `fastcgi_param SCRIPT_NAME $uri;`,
    // nginx's own values are its default page's folder and `_`.
    `fastcgi_param DOCUMENT_ROOT ${root};`,
    "fastcgi_param SERVER_NAME $host;",
    "fastcgi_param HTTP_HOST $asked_host;",
    ...droppedHeaders.map((header) => `fastcgi_param HTTP_${header.toUpperCase()} "";`),
    `fastcgi_param PHP_VALUE "${phpLimits(bodyMiB)}";`,
    // The response's memory is bounded: no temporary files.
    "fastcgi_max_temp_file_size 0;",
    ...forwardedHeaders(route).map(
      ([header, value]) => `fastcgi_param HTTP_${header.toUpperCase().replaceAll("-", "_")} ${value};`,
    ),
    `fastcgi_connect_timeout ${String(connectSeconds)}s;`,
    `fastcgi_read_timeout ${String(readTimeoutOf(route))}s;`,
    ...retries("fastcgi", route),
  ];
}
