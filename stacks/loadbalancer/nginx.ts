import {
  readTimeoutSeconds,
  bySpecificity,
  connectSeconds,
  container,
  headerKiB,
  hstsValue,
  retrySeconds,
  maxAttempts,
  type LoadBalancerPlan,
  type RateLimit,
  type Route,
  type Server,
} from "./types";

/** The whole nginx.conf of a load balancer. */
export function nginxConfig(plan: LoadBalancerPlan): string {
  const routes = bySpecificity(plan.routes);
  const hosts = [...new Set(routes.map((route) => route.host))];
  return lines(
    "worker_processes 1;",
    "pid /tmp/nginx.pid;",
    "error_log /dev/stderr warn;",
    block("events", "worker_connections 1024;"),
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
      "access_log /dev/stdout farm;",
      // Which route a request took; none took one that no location of a route was found for.
      block('map "" $route', "default nowhere;"),
      // Docker's name server: addresses of services change.
      "resolver 127.0.0.11 valid=5s;",
      "keepalive_timeout 65s;",
      `large_client_header_buffers 2 ${String(headerKiB)}k;`,
      ...["proxy", "fastcgi"].flatMap(headerBuffers),
      ...routes.flatMap((route) => [...limitZone(route), ...upstream(route)]),
      ...plainServer(plan),
      ...hosts.flatMap((host) =>
        tlsServer(
          plan,
          host,
          routes.filter((route) => route.host === host || route.host === undefined),
        ),
      ),
      ...(hosts.includes(undefined) ? [] : tlsServer(plan, undefined, [])),
    ),
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
function retries(use: "proxy" | "fastcgi"): string[] {
  return [
    `${use}_next_upstream error timeout;`,
    `${use}_next_upstream_tries ${String(maxAttempts)};`,
    `${use}_next_upstream_timeout ${String(retrySeconds)}s;`,
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
  if (target.kind === "service") return [];
  const servers = target.servers.map(({ address, port }: Server) => `server ${address}:${String(port)} max_fails=0;`);
  // php-fpm has one process for each connection: idle ones would occupy them.
  return [block(`upstream ${name}`, ...servers, ...(target.kind === "fastcgi" ? [] : ["keepalive 16;"]))];
}

function plainServer({ httpsPort }: LoadBalancerPlan): string[] {
  const port = httpsPort === 443 ? "" : `:${String(httpsPort)}`;
  return [
    block(
      "server",
      `listen ${String(container.httpPort)} default_server;`,
      block("location = /healthz", "access_log off;", 'return 200 "ok\\n";'),
      block("location /", "set $route plain;", `return 308 https://$host${port}$request_uri;`),
    ),
  ];
}

function tlsServer({ hsts }: LoadBalancerPlan, host: string | undefined, routes: readonly Route[]): string[] {
  const own = routes.filter((route) => route.host === host);
  // A route for this host precedes one for any host, where nginx would choose the longer path.
  const shared = routes.filter((route) => route.host !== host && !own.some(({ path }) => route.path.startsWith(path)));
  return [
    block(
      "server",
      `listen ${String(container.httpsPort)} ssl${host === undefined ? " default_server" : ""};`,
      "http2 on;",
      `server_name ${host ?? "_"};`,
      `ssl_certificate ${container.certificate};`,
      `ssl_certificate_key ${container.certificate};`,
      "ssl_protocols TLSv1.2 TLSv1.3;",
      "ssl_session_cache shared:tls:1m;",
      ...(hsts ? [`add_header Strict-Transport-Security "${hstsValue(hsts)}" always;`] : []),
      ...[...own, ...shared].map(location),
      // Without it nginx serves its own page.
      ...(own.concat(shared).some(({ path }) => path === "/") ? [] : [block("location /", "return 404;")]),
    ),
  ];
}

function location(route: Route): string {
  const { name, path, target, login, allow, rateLimit } = route;
  return block(
    `location ${path}`,
    `set $route ${name};`,
    ...(login ? [`auth_basic "${name}";`, `auth_basic_user_file ${container.logins};`] : []),
    ...(allow ? [...allow.map((network) => `allow ${network};`), "deny all;"] : []),
    ...(rateLimit ? [limit(name, rateLimit), "limit_req_status 429;"] : []),
    ...(target.kind === "fastcgi" ? fastcgi(route, target.root) : proxy(route)),
  );
}

function proxy(route: Route): string[] {
  const { name, path, target } = route;
  const to =
    target.kind === "service"
      ? [
          // nginx looks up a name in a variable again when it expires; the path must then be stripped by a rewrite.
          `set $to http://${target.service}:${String(target.port)};`,
          `rewrite ^${path}(.*)$ /$1 break;`,
          "proxy_pass $to;",
          // For server-sent events.
          "proxy_buffering off;",
          "proxy_read_timeout 1h;",
        ]
      : [`proxy_pass http://${name}/;`, `proxy_read_timeout ${String(readTimeoutSeconds)}s;`, ...retries("proxy")];
  return [
    ...to,
    "proxy_http_version 1.1;",
    `proxy_connect_timeout ${String(connectSeconds)}s;`,
    'proxy_set_header Connection "";',
    "proxy_set_header Host $host;",
    ...forwardedHeaders(route).map(([header, value]) => `proxy_set_header ${header} ${value};`),
  ];
}

/** Headers about the client. They replace those of the request: this server is the first to see its address. */
function forwardedHeaders({ path, login }: Route): [header: string, value: string][] {
  return [
    ["X-Real-IP", "$remote_addr"],
    ["X-Forwarded-For", "$remote_addr"],
    ["X-Forwarded-Proto", "$scheme"],
    ["X-Forwarded-Prefix", path],
    // The service does not get the password for the load balancer; without a login it may have one of its own.
    ...(login ? [["Authorization", '""'] as [string, string]] : []),
  ];
}

function fastcgi(route: Route, root: string): string[] {
  const { name, path } = route;
  return [
    `rewrite ^${path}(.*\\.php)$ /$1 break;`,
    `rewrite ^${path} /index.php break;`,
    "include /etc/nginx/fastcgi_params;",
    `fastcgi_pass ${name};`,
    `fastcgi_param SCRIPT_FILENAME ${root}$uri;`,
    `fastcgi_param SCRIPT_NAME $uri;`,
    ...forwardedHeaders(route).map(
      ([header, value]) => `fastcgi_param HTTP_${header.toUpperCase().replaceAll("-", "_")} ${value};`,
    ),
    `fastcgi_connect_timeout ${String(connectSeconds)}s;`,
    `fastcgi_read_timeout ${String(readTimeoutSeconds)}s;`,
    ...retries("fastcgi"),
  ];
}

function block(head: string, ...body: readonly string[]): string {
  return lines(`${head} {`, ...body.flatMap((text) => text.trimEnd().split("\n")).map((text) => `  ${text}`), "}");
}

function lines(...texts: readonly string[]): string {
  return `${texts.map((text) => text.trimEnd()).join("\n")}\n`;
}
