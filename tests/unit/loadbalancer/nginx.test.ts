import fc from "fast-check";
import { parseConfig } from "../../../stacks/config";
import { nginxConfig } from "../../../stacks/loadbalancer/nginx";
import { bySpecificity } from "../../../stacks/loadbalancer/base/types";
import { anyPlan, planOf, planWith, request, wild } from "../../support/balancer";
import { withStacks } from "../../support/configs";
import { blocksOf, locationOf, readNginx, serverOf } from "../../support/nginx-conf";

/** The directives of a route whose order and values matter; tests/unit/loadbalancer/requests.test.ts has what they do. */
const proxied = (name: string, to: string, path: string, seconds: number, connection = "$connection_header") => [
  "client_max_body_size 100m;",
  `set $to ${to};`,
  `proxy_pass http://$to/$rest_${name};`,
  "proxy_redirect off;",
  "proxy_request_buffering off;",
  "proxy_buffering off;",
  "proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset;",
  "proxy_http_version 1.1;",
  "proxy_connect_timeout 2s;",
  `proxy_read_timeout ${String(seconds)}s;`,
  "proxy_next_upstream error timeout;",
  "proxy_next_upstream_tries 4;",
  "proxy_next_upstream_timeout 15s;",
  "proxy_set_header Upgrade $websocket;",
  `proxy_set_header Connection ${connection};`,
  "proxy_set_header Host $asked_host;",
  'proxy_set_header Proxy "";',
  "proxy_set_header X-Real-IP $remote_addr;",
  "proxy_set_header X-Forwarded-For $remote_addr;",
  "proxy_set_header X-Forwarded-Proto $forwarded_proto;",
  "proxy_set_header X-Forwarded-Host $forwarded_host;",
  "proxy_set_header X-Forwarded-Port $forwarded_port;",
  `proxy_set_header X-Forwarded-Prefix ${path};`,
];

const names = { hello: "hello", lamp: "lamp-nginx" } as const;

/** A route of a stack that publishes no port. */
const byTask = (name: keyof typeof names, path: string) => proxied(name, `tasks.${names[name]}:8080`, path, 60);

/** Ports that a configuration asks for. */
const published = { hello: { port: 8080 }, lamp: { port: 8081 } };

/** The lines that serve a path for clients that name no host of a route, without those of the log. */
function at(config: string, path: string, host?: string): readonly string[] {
  return locationOf(serverOf(config, host), path).filter((line) => !line.startsWith("set $route "));
}

test("logs the route of each request, or that none matched, for the exporter's counters", () => {
  const config = nginxConfig(planOf({}));
  const http = blocksOf(readNginx(config), "http")[0];
  expect(http?.lines.find((line) => line.startsWith("log_format"))).toMatch(
    /^log_format farm '\$remote_addr \$route "/,
  );
  expect(http?.blocks.find(({ head }) => head.startsWith("map"))).toMatchObject({
    head: 'map "" $route',
    lines: ["default nowhere;"],
  });
  for (const [path, route] of [
    ["/", "lamp"],
    ["/hello/", "hello"],
    ["/visualizer/x", "visualizer"],
  ] as const)
    expect(locationOf(serverOf(config, undefined), path)[0]).toBe(`set $route ${route};`);
  const [plain] = blocksOf(readNginx(config), "server");
  expect(plain && locationOf(plain, "/")).toContain("set $route plain;");
});

test("of a published port every node is an upstream server that no answer marks as down, with connections kept", () => {
  const config = nginxConfig(planOf({ routes: { hello: { path: "/" } } }, published));
  const [hello, ...others] = blocksOf(readNginx(config), "upstream");
  expect(others).toEqual([]);
  expect(hello).toEqual({
    head: "upstream hello",
    blocks: [],
    lines: [
      "server 10.77.0.11:8080 max_fails=0;",
      "server 10.77.0.21:8080 max_fails=0;",
      "keepalive 16;",
      "keepalive_timeout 4s;",
    ],
  });
});

test("plain HTTP answers for its health and sends all else to HTTPS, on the port outside", () => {
  const plain = (httpsPort: number) => blocksOf(readNginx(nginxConfig(planOf({ httpsPort }))), "server")[0];
  const redirect = (to: string) => ({
    head: "location /",
    blocks: [],
    lines: ["set $route plain;", `return 308 https://$host${to};`],
  });
  expect(plain(443)).toEqual({
    head: "server",
    lines: ["listen 8080 default_server;"],
    blocks: [
      { head: "location = /healthz", blocks: [], lines: ["access_log off;", 'return 200 "ok\\n";'] },
      redirect("$request_uri"),
    ],
  });
  expect(plain(8443)?.blocks[1]).toEqual(redirect(":8443$request_uri"));
});

test("strips the prefix, balances over tasks or over every node of the routing mesh, and forwards the client's address", () => {
  const config = nginxConfig(planOf({}));
  expect(at(config, "/")).toEqual(byTask("lamp", "/"));
  expect(at(config, "/hello/x")).toEqual(byTask("hello", "/hello/"));
  const byMesh = nginxConfig(planOf({}, published));
  const kept = "$kept_connection_header";
  expect(at(byMesh, "/")).toEqual(proxied("lamp", "lamp", "/", 60, kept));
  expect(at(byMesh, "/hello/x")).toEqual(proxied("hello", "hello", "/hello/", 60, kept));
});

test("a service by its name is looked up again, may keep a page open, and never sees the balancer's password", () => {
  expect(at(nginxConfig(planOf({})), "/visualizer/")).toEqual([
    'auth_basic "visualizer";',
    "auth_basic_user_file /run/secrets/logins;",
    ...proxied("visualizer", "visualizer:8080", "/visualizer/", 3600),
    'proxy_set_header Authorization "";',
  ]);
});

test("passes scripts to php directly and index.php for other paths, with the client's address and a connection per request", () => {
  const config = nginxConfig(planWith({ lamp: { path: "/shop/", login: true } }, { mode: "fastcgi" }));
  expect(at(config, "/shop/")).toEqual([
    'auth_basic "lamp";',
    "auth_basic_user_file /run/secrets/logins;",
    "client_max_body_size 100m;",
    "set $to tasks.lamp-php:9000;",
    "rewrite ^/shop/(.*\\.php)$ /$1 break;",
    "rewrite ^/shop/ /index.php break;",
    "include /etc/nginx/fastcgi_params;",
    "fastcgi_pass $to;",
    "fastcgi_param SCRIPT_FILENAME /srv/www$uri;",
    "fastcgi_param SCRIPT_NAME $uri;",
    "fastcgi_param DOCUMENT_ROOT /srv/www;",
    "fastcgi_param SERVER_NAME $host;",
    "fastcgi_param HTTP_HOST $asked_host;",
    'fastcgi_param HTTP_PROXY "";',
    'fastcgi_param PHP_VALUE "upload_max_filesize=100M\\npost_max_size=100M";',
    "fastcgi_max_temp_file_size 0;",
    "fastcgi_param HTTP_X_REAL_IP $remote_addr;",
    "fastcgi_param HTTP_X_FORWARDED_FOR $remote_addr;",
    "fastcgi_param HTTP_X_FORWARDED_PROTO $forwarded_proto;",
    "fastcgi_param HTTP_X_FORWARDED_HOST $forwarded_host;",
    "fastcgi_param HTTP_X_FORWARDED_PORT $forwarded_port;",
    "fastcgi_param HTTP_X_FORWARDED_PREFIX /shop/;",
    'fastcgi_param HTTP_AUTHORIZATION "";',
    "fastcgi_connect_timeout 2s;",
    "fastcgi_read_timeout 60s;",
    "fastcgi_next_upstream error timeout;",
    "fastcgi_next_upstream_tries 4;",
    "fastcgi_next_upstream_timeout 15s;",
  ]);
});

test("applies allowed networks and the rate limit", () => {
  const limited = (burst: number) =>
    nginxConfig(
      planWith({
        hello: { path: "/", allow: ["10.0.0.0/8", "192.0.2.0/24"], rateLimit: { requestsPerSecond: 7, burst } },
      }),
    );
  const access = ["allow 10.0.0.0/8;", "allow 192.0.2.0/24;", "deny all;"];
  const rest = ["limit_req_status 429;", ...byTask("hello", "/")];
  expect(at(limited(3), "/")).toEqual([...access, "limit_req zone=hello burst=3 nodelay;", ...rest]);
  expect(at(limited(0), "/")).toEqual([...access, "limit_req zone=hello;", ...rest]);
  expect(blocksOf(readNginx(limited(3)), "http")[0]?.lines).toContain(
    "limit_req_zone $binary_remote_addr zone=hello:1m rate=7r/s;",
  );
});

test("answers 404 where no route matches", () => {
  expect(at(nginxConfig(planWith({})), "/")).toEqual(["return 404;"]);
  const config = nginxConfig(planWith({ hello: { host: "a.example", path: "/a/" } }));
  expect([at(config, "/a/"), at(config, "/", "a.example")]).toEqual([["return 404;"], ["return 404;"]]);
  expect(at(config, "/a/", "a.example")).toEqual(byTask("hello", "/a/"));
});

test("of all plans: one server for each name, the default among them, each with a certificate and each path once", () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const [plain, ...servers] = blocksOf(readNginx(nginxConfig(plan)), "server");
      expect(plain?.lines).toEqual(["listen 8080 default_server;"]);
      const names = servers.flatMap(({ lines }) => lines.filter((line) => line.startsWith("server_name ")));
      const hosts = plan.routes.map(({ host }) => host ?? "_");
      expect(names.sort()).toEqual([...new Set([...hosts, "_"])].map((host) => `server_name ${host};`).sort());
      for (const { lines, blocks } of servers) {
        const isDefault = lines.includes("server_name _;");
        expect(lines[0]).toBe(isDefault ? "listen 8443 ssl default_server;" : "listen 8443 ssl;");
        expect(lines).toContain("ssl_certificate_key /run/secrets/tls.pem;");
        expect(new Set(blocks.map(({ head }) => head)).size).toBe(blocks.length);
      }
    }),
  );
});

test("of all plans: a request goes where the most specific route leads, under that route's rules", () => {
  fc.assert(
    fc.property(anyPlan, request, (plan, { host, path }) => {
      const expected = bySpecificity(plan.routes).find(
        (route) => [undefined, host].includes(route.host) && path.startsWith(route.path),
      );
      const lines = at(nginxConfig(plan), path, host);
      const pass = lines.find((line) => /^(fastcgi_pass|set \$to|return)/.test(line)) ?? "";
      const name = /(lamp|hello|visualizer)/.exec(pass)?.[1];
      expect([name, pass.includes("404")]).toEqual([expected?.name, expected === undefined]);
      expect(lines.some((line) => line.startsWith("auth_basic "))).toBe(expected?.login ?? false);
      expect(lines.filter((line) => line.startsWith("allow "))).toEqual(
        (expected?.allow ?? []).map((net) => `allow ${net};`),
      );
      expect(lines.some((line) => line.startsWith("limit_req "))).toBe(expected?.rateLimit !== undefined);
    }),
    { numRuns: 300 },
  );
});

test("never reads a value of the configuration as nginx's syntax: the value is refused or used literally", () => {
  fc.assert(
    fc.property(wild, ({ host, path }) => {
      const routes = { lamp: { host, path } };
      try {
        parseConfig(withStacks({ loadbalancer: { routes } }));
      } catch {
        return;
      }
      const config = nginxConfig(planWith(routes));
      expect(at(config, path, host)).toEqual(byTask("lamp", path));
      expect(blocksOf(readNginx(config), "server")).toHaveLength(3);
    }),
    { numRuns: 500 },
  );
});
