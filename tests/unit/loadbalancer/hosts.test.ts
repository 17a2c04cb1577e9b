import { RouteHost } from "../../../infra/config/primitives";
import { hostRank, hostTest, routesOfHost, serverName } from "../../../stacks/loadbalancer/base/hosts";
import { ask } from "../../support/ask";
import { behindProxy } from "../../support/reverse-proxy";
import { kinds } from "../../support/requests";
import { serve } from "../../support/serve";

test.each(["example.org", "*.example.org", "*.lan"])("%s can be a route's host", (host) => {
  expect(RouteHost.safeParse(host).success).toBe(true);
});

test.each(["", "*", "*.", "a.*.org", "*a.org", "*.*.org", "*.Example.org", "*.a;b"])("'%s' is refused", (host) => {
  expect(RouteHost.safeParse(host).error?.issues[0]?.message).toContain("e.g. *.example.com");
});

test.each([
  [undefined, 0, "_", ""],
  [
    "*.a.org",
    1,
    String.raw`~^[^.]+\.a\.org$`,
    String.raw` { req.hdr(host),field(1,:) -m reg -i '^[^.]+\.a\.org\.?$' }`,
  ],
  ["a.org", 2, "a.org", " { req.hdr(host),field(1,:) -i a.org a.org. }"],
])("%s in both programs", (host, rank, nginx, haproxy) => {
  expect([hostRank({ host }), serverName(host), hostTest({ host })]).toEqual([rank, nginx, haproxy]);
});

test("a host has its own routes, then its wildcard's, then those for any host, none behind a prefix of a former", () => {
  const all = [
    { host: "x.a.org", path: "/own/" },
    { host: "*.a.org", path: "/own/deep/" },
    { host: "*.a.org", path: "/wild/" },
    { host: "*.b.org", path: "/" },
    { host: undefined, path: "/wild/deep/" },
    { host: undefined, path: "/" },
  ];
  const paths = (host?: string) => routesOfHost(host, all).map(({ path }) => path);
  expect(paths("x.a.org")).toEqual(["/own/", "/wild/", "/"]);
  expect(paths("*.a.org")).toEqual(["/own/deep/", "/wild/", "/"]);
  expect(paths()).toEqual(["/wild/deep/", "/"]);
});

describe.each(kinds)("%s", (kind) => {
  const start = () =>
    serve(({ headers }, response) => {
      response.setHeader("x-route", headers["x-forwarded-prefix"] ?? "none");
      response.end();
    });
  const front = behindProxy(kind, start, (port) => {
    const target = { kind: "http", servers: [{ name: "one", address: "127.0.0.1", port }] } as const;
    return {
      httpsPort: 443,
      routes: [
        { name: "any", path: "/any/", target },
        { name: "wild", path: "/wild/", host: "*.a.org", target },
        { name: "exact", path: "/exact/", host: "x.a.org", target },
        { name: "hidden", path: "/exact/", host: "*.a.org", target, allow: ["192.0.2.0/24"] },
      ],
    };
  });

  front.available.each([
    ["x.a.org", "/exact/", 200],
    ["X.A.org:8443", "/exact/", 200],
    ["x.a.org.", "/wild/", 200],
    ["x.a.org", "/any/", 200],
    ["y.a.org", "/exact/", 403],
    ["y.a.org", "/wild/", 200],
    ["Y.A.ORG:8443", "/wild/", 200],
    ["y.a.org.", "/wild/", 200],
    ["y.a.org", "/any/", 200],
    ["y.z.a.org", "/wild/", 404],
    ["a.org", "/wild/", 404],
    ["yxa.org", "/wild/", 404],
    ["y.a.org.evil", "/wild/", 404],
    ["b.org", "/any/", 200],
  ])("%s%s: %d", async (host, path, status) => {
    const answer = await ask(front.proxy.port, path, { headers: { host } });
    expect([answer.status, answer.headers["x-route"]]).toEqual([status, status === 200 ? path : undefined]);
  });
});
