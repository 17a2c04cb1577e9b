import {
  readTimeoutSeconds,
  bySpecificity,
  connectSeconds,
  container,
  headerKiB,
  hstsValue,
  maxAttempts,
  type LoadBalancerPlan,
  type Route,
} from "./types";

/**
 * The whole haproxy.cfg of a load balancer.
 *
 * @param logins lines of `user:hash`. HAProxy has them in its configuration, so the result is secret if a route has a login
 */
export function haproxyConfig(plan: LoadBalancerPlan, logins: string): string {
  const routes = bySpecificity(plan.routes);
  return [
    section(
      "global",
      "log stdout format raw local0 info",
      // A connection has two buffers, within the task's memory limit.
      "maxconn 512",
      // HAProxy keeps 1 KiB of it for headers that it adds.
      `tune.bufsize ${String((headerKiB + 1) * 1024)}`,
      "ssl-default-bind-options ssl-min-ver TLSv1.2",
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
      "timeout client 1h",
      `timeout server ${String(readTimeoutSeconds)}s`,
      `timeout http-request ${String(readTimeoutSeconds)}s`,
    ),
    section("resolvers docker", "nameserver docker 127.0.0.11:53", "hold valid 5s"),
    ...users(logins),
    section(
      "frontend plain",
      `bind :${String(container.httpPort)}`,
      "http-request return status 200 content-type text/plain string ok if { path /healthz }",
      `http-request redirect prefix https://%[req.hdr(host),field(1,:)]${plan.httpsPort === 443 ? "" : `:${String(plan.httpsPort)}`} code 308`,
    ),
    section(
      "frontend tls",
      `bind :${String(container.httpsPort)} ssl crt ${container.certificate} alpn h2,http/1.1`,
      ...(plan.hsts ? [`http-response set-header Strict-Transport-Security "${hstsValue(plan.hsts)}"`] : []),
      // Replaces headers of the client: this server is the first to see its address.
      "http-request set-header X-Real-IP %[src]",
      "http-request set-header X-Forwarded-For %[src]",
      "http-request set-header X-Forwarded-Proto https",
      // These methods are not idempotent.
      "http-request disable-l7-retry if { method POST LOCK PATCH }",
      ...routes.map(useBackend),
      "default_backend nowhere",
    ),
    ...routes.flatMap(backend),
    section("backend nowhere", "http-request return status 404"),
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

function useBackend({ name, host, path }: Route): string {
  const hostTest = host === undefined ? "" : ` { req.hdr(host),field(1,:) -i ${host} }`;
  return `use_backend ${name} if${hostTest} { path_beg ${path} }`;
}

function backend(route: Route): string[] {
  const { name, path, target, login, allow, rateLimit } = route;
  const access = [
    // One line each: HAProxy accepts 64 words in a line.
    ...(allow ?? []).map((network) => `acl allowed src ${network}`),
    ...(allow ? ["http-request deny deny_status 403 unless allowed"] : []),
    ...(login ? [`http-request auth realm ${name} unless { http_auth(logins) }`] : []),
    ...(login ? ["http-request del-header Authorization"] : []),
    ...(rateLimit
      ? [
          "stick-table type ip size 100k expire 30s store http_req_rate(1s)",
          "http-request track-sc0 src",
          `http-request deny deny_status 429 if { sc_http_req_rate(0) gt ${String(rateLimit.requestsPerSecond + rateLimit.burst)} }`,
        ]
      : []),
  ];
  if (target.kind === "service") {
    return [
      section(
        `backend ${name}`,
        ...access,
        ...stripPrefix(path),
        "timeout server 1h",
        `server ${target.service} ${target.service}:${String(target.port)} resolvers docker init-addr none`,
      ),
    ];
  }
  const proto = target.kind === "fastcgi" ? " proto fcgi" : "";
  const servers = target.servers.map(
    (server) => `server ${server.name} ${server.address}:${String(server.port)} check inter 3s fall 2 rise 1${proto}`,
  );
  if (target.kind === "http")
    return [section(`backend ${name}`, ...access, ...stripPrefix(path), "balance roundrobin", ...servers)];
  const app = `${name}-app`;
  return [
    section(`fcgi-app ${app}`, "log-stderr global", `docroot ${target.root}`, "index index.php", ...onePerRequest),
    section(
      `backend ${name}`,
      ...access,
      ...stripPrefix(path),
      // The application answers everything that is not a script.
      "http-request set-path /index.php unless { path_end .php }",
      "balance roundrobin",
      `use-fcgi-app ${app}`,
      ...servers,
    ),
  ];
}

/** Closes connections to php-fpm, which has one process for each: idle ones would occupy them. */
const onePerRequest = ["no option keep-conn"];

function stripPrefix(path: string): string[] {
  return [`http-request set-header X-Forwarded-Prefix ${path}`, `http-request replace-path ${path}(.*) /\\1`];
}

function section(head: string, ...body: readonly string[]): string {
  return `${[head, ...body.map((text) => `  ${text}`)].join("\n")}\n`;
}
