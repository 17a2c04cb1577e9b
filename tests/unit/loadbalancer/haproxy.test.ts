import fc from "fast-check";
import { parseConfig } from "../../../stacks/config";
import { haproxyConfig } from "../../../stacks/loadbalancer/haproxy";
import { bySpecificity, type LoadBalancerPlan } from "../../../stacks/loadbalancer/base/types";
import { anyPlan, planOf, planWith, request, wild } from "../../support/balancer";
import { type RawConfig, withStacks } from "../../support/configs";

type Sections = Readonly<Record<string, readonly string[]>>;

/** The sections of a haproxy.cfg by their heads; two of one head, or a line outside of any, are an error. */
function sectionsOf(config: string): Sections {
  const sections: Record<string, string[]> = {};
  let body: string[] | undefined;
  for (const line of config.split("\n").filter(Boolean)) {
    if (line.startsWith("  ")) {
      if (!body) throw new Error(`this line is in no section: ${line}`);
      body.push(line.slice(2));
    } else {
      if (line in sections) throw new Error(`this section is there twice: ${line}`);
      body = sections[line] = [];
    }
  }
  return sections;
}

const sectionsFor = (plan: LoadBalancerPlan, logins = "") => sectionsOf(haproxyConfig(plan, logins));

const check = "check inter 3s fall 2 rise 1";
const servers = (port: number) =>
  ["manager1 10.77.0.11", "worker1 10.77.0.21"].map((server) => `server ${server}:${port} ${check}`);
const tasks = (service: string, port: number, more = "") =>
  `server-template ${service} 32 tasks.${service}:${port} resolvers docker init-addr none resolve-prefer ipv4 ${check}${more}`;
const limits = (seconds = 60) => [
  "http-request deny deny_status 413 if { req.body_size gt 104857600 }",
  `timeout server ${String(seconds)}s`,
  `timeout tunnel ${String(seconds)}s`,
];
const strippedPrefix = (path: string) => [
  ...(path === "/" ? [] : [`http-request deny deny_status 400 unless { path_beg ${path} }`]),
  `http-request set-header X-Forwarded-Prefix ${path}`,
  `http-request replace-path ${path}(.*) /\\1`,
];

test("it is made of these sections", () => {
  expect(Object.keys(sectionsFor(planOf({}), "admin:$5$hash\n"))).toEqual([
    "global",
    "defaults",
    "resolvers docker",
    "userlist logins",
    "frontend plain",
    "frontend tls",
    "backend visualizer",
    "backend hello",
    "backend lamp",
    "backend clients",
    "backend nowhere",
  ]);
});

test("the connection limit of one client leaves connections for others; proxies have those of many clients", () => {
  const tls = (more: RawConfig) => sectionsFor(planOf(more))["frontend tls"] ?? [];
  const rules = (more: RawConfig) => tls(more).filter((line) => /shared|sc1/.test(line));
  expect(rules({})).toEqual([
    "tcp-request connection track-sc1 src table clients",
    "tcp-request connection reject if { sc1_conn_cur gt 512 }",
  ]);
  const proxies = [{ trustedProxies: ["10.9.0.0/16"] }, { proxyProtocol: { port: 8444, from: ["10.9.0.0/16"] } }];
  for (const more of proxies)
    expect(rules(more)).toEqual([
      "acl shared src 10.9.0.0/16",
      "tcp-request connection track-sc1 src table clients unless shared",
      "tcp-request connection reject if { sc1_conn_cur gt 512 }",
    ]);
});

test("a request is retried on other servers, except one that a server may have executed", () => {
  const { defaults, "frontend tls": tls } = sectionsFor(planOf({}));
  expect(defaults).toEqual([
    "mode http",
    "log global",
    "option httplog",
    "option redispatch 1",
    "retries 3",
    "retry-on conn-failure empty-response",
    "timeout connect 2s",
    "timeout client 60s",
    "timeout server 60s",
    "timeout http-request 20s",
  ]);
  expect(tls).toContain("http-request disable-l7-retry if { method POST LOCK PATCH }");
});

test("plain HTTP answers for its health and sends all else to HTTPS, on the port outside", () => {
  const plain = (httpsPort: number) => sectionsFor(planOf({ httpsPort }))["frontend plain"];
  const lines = (port: string) => [
    "bind :8080",
    "http-request return status 200 content-type text/plain string ok if { path /healthz }",
    `http-request redirect prefix https://%[req.hdr(host),field(1,:)]${port} code 308`,
  ];
  expect(plain(443)).toEqual(lines(""));
  expect(plain(8443)).toEqual(lines(":8443"));
});

test("terminates TLS, replaces forwarded headers of the client, and matches routes in order", () => {
  const plan = planWith({ lamp: { path: "/" }, hello: { path: "/h/" }, visualizer: { host: "v.example", path: "/" } });
  const lines = sectionsFor(plan)["frontend tls"] ?? [];
  expect(lines).toEqual(
    expect.arrayContaining([
      "http-request set-header X-Real-IP %[src]",
      "http-request set-header X-Forwarded-For %[src]",
      "http-request set-header X-Forwarded-Proto https",
    ]),
  );
  expect(lines.slice(-4)).toEqual([
    "use_backend visualizer if { req.hdr(host),field(1,:) -i v.example v.example. } { path,url_dec -m beg / }",
    "use_backend hello if { path,url_dec -m beg /h/ }",
    "use_backend lamp if { path,url_dec -m beg / }",
    "default_backend nowhere",
  ]);
  expect(sectionsFor(plan)["backend nowhere"]).toEqual(["http-request return status 404"]);
});

test("strips the prefix, and balances over all tasks or over every node of the routing mesh", () => {
  const head = [...limits(), ...strippedPrefix("/hello/"), "balance roundrobin"];
  expect(sectionsFor(planOf({}))["backend hello"]).toEqual([...head, tasks("hello", 8080)]);
  const published = planOf({}, { hello: { port: 8090 } });
  expect(sectionsFor(published)["backend hello"]).toEqual([...head, ...servers(8090)]);
});

test("a service by its name is looked up again, may keep a page open, and never sees the balancer's password", () => {
  expect(sectionsFor(planOf({}))["backend visualizer"]).toEqual([
    "http-request auth realm visualizer unless { http_auth(logins) }",
    "http-request del-header Authorization",
    ...limits(3600),
    ...strippedPrefix("/visualizer/"),
    "server visualizer visualizer:8080 resolvers docker init-addr none",
  ]);
});

test("passes scripts to php directly and index.php for other paths, with a connection for each request", () => {
  const sections = sectionsFor(planWith({ lamp: { path: "/shop/" } }, { mode: "fastcgi" }));
  expect(sections["fcgi-app lamp-app"]).toEqual([
    "log-stderr global",
    "docroot /srv/www",
    "index index.php",
    'set-param PHP_VALUE "upload_max_filesize=100M\\npost_max_size=100M"',
    "set-param REQUEST_URI %[var(txn.uri)]",
    "set-param SCRIPT_FILENAME /srv/www%[path,url_dec]",
    "set-param SCRIPT_NAME %[path,url_dec]",
    "set-param DOCUMENT_URI %[path,url_dec]",
    "set-param SERVER_NAME %[req.hdr(host),field(1,:),lower]",
    "set-param REQUEST_SCHEME https",
    "no option keep-conn",
  ]);
  expect(sections["backend lamp"]).toEqual([
    ...limits(),
    "http-request set-var(txn.uri) pathq",
    ...strippedPrefix("/shop/"),
    "http-request set-path /index.php unless { path,url_dec -m end .php }",
    "balance roundrobin",
    "use-fcgi-app lamp-app",
    tasks("lamp-php", 9000, " proto fcgi"),
  ]);
});

test("applies allowed networks and the rate limit", () => {
  const allow = Array.from({ length: 200 }, (_, i) => `10.${i}.0.0/16`);
  const rateLimit = { requestsPerSecond: 7, burst: 3 };
  const lines = sectionsFor(planWith({ hello: { path: "/", allow, rateLimit } }))["backend hello"];
  expect(lines?.slice(0, 204)).toEqual([
    ...allow.map((network) => `acl allowed src ${network}`),
    "http-request deny deny_status 403 unless allowed",
    "stick-table type ip size 100k expire 30s store http_req_rate(1s)",
    "http-request track-sc0 src",
    "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 10 }",
  ]);
});

test("users are listed with their hashes, and there is no list without any", () => {
  expect(sectionsFor(planOf({}), "admin:$5$rounds=1000$a$b:c\neve:x\n")["userlist logins"]).toEqual([
    "user admin password $5$rounds=1000$a$b:c",
    "user eve password x",
  ]);
  expect(Object.keys(sectionsFor(planWith({})))).not.toContain("userlist logins");
});

/** The backend of the first route whose conditions a request meets, as HAProxy asks them. */
function backendOf(sections: Sections, host: string, path: string): string {
  for (const line of sections["frontend tls"] ?? []) {
    const [, name = "", of, prefix = ""] =
      /^use_backend (\S+) if(?: \{ req\.hdr\(host\),field\(1,:\) -i (\S+) \S+ \})? \{ path,url_dec -m beg (\S+) \}$/.exec(
        line,
      ) ?? [];
    if (name !== "" && [undefined, host].includes(of) && path.startsWith(prefix)) return name;
  }
  return "nowhere";
}

test("of all plans: a request goes where the most specific route leads, under that route's rules", () => {
  fc.assert(
    fc.property(anyPlan, request, (plan, { host, path }) => {
      const expected = bySpecificity(plan.routes).find(
        (route) => [undefined, host].includes(route.host) && path.startsWith(route.path),
      );
      const sections = sectionsFor(plan, "admin:hash");
      const name = backendOf(sections, host, path);
      expect(name).toBe(expected?.name ?? "nowhere");
      const lines = sections[`backend ${name}`] ?? [];
      expect(lines.filter((line) => /^acl |^http-request auth |^stick-table /.test(line))).toHaveLength(
        (expected?.allow?.length ?? 0) + Number(expected?.login ?? false) + Number(expected?.rateLimit !== undefined),
      );
    }),
    { numRuns: 300 },
  );
});

test("never reads a value of the configuration as HAProxy's syntax: the value is refused or used literally", () => {
  fc.assert(
    fc.property(wild, ({ host, path }) => {
      const routes = { lamp: { host, path } };
      try {
        parseConfig(withStacks({ loadbalancer: { routes } }));
      } catch {
        return;
      }
      const sections = sectionsFor(planWith(routes));
      expect(backendOf(sections, host, path)).toBe("lamp");
      expect(sections["backend lamp"]?.slice(3, 3 + strippedPrefix(path).length)).toEqual(strippedPrefix(path));
    }),
    { numRuns: 500 },
  );
});

test("headers of 32 KiB pass, and buffers have a limit within the task's memory", () => {
  expect(sectionsFor(planOf({})).global).toEqual(
    expect.arrayContaining([
      "maxconn 2048",
      "tune.buffers.limit 1024",
      "tune.bufsize 37888",
      "tune.memory.hot-size 16777216",
    ]),
  );
});
