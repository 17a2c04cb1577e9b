import fc from "fast-check";
import { parseConfig } from "../../../stacks/config";
import { bypassProblems, bypassWarnings } from "../../../stacks/bypass";
import { stacks } from "../../../stacks/index";
import { plansOf } from "../../../stacks/plans";
import { withStacks, type RawConfig } from "../../support/configs";
import { refusal } from "../../support/refusal";

const login = { path: "/", login: true };
const refused = (key: string, port: number, route: string, rules: string) =>
  `${key}: publishes ${port} on every node, beside the route '${route}' with ${rules}, which do not hold there; such a route is the only way to its service: remove the port, which the load balancer does not need, or ${rules} of the route`;

test.each<[string, RawConfig, readonly string[]]>([
  [
    "a login and a port of nginx",
    { lamp: { port: 8081 }, loadbalancer: { routes: { lamp: login } } },
    [refused("lamp.port", 8081, "lamp", "login")],
  ],
  [
    "all rules and a port of hello",
    {
      hello: { port: 90 },
      loadbalancer: {
        routes: { hello: { ...login, allow: ["10.0.0.0/8"], rateLimit: { requestsPerSecond: 1 } } },
      },
    },
    [refused("hello.port", 90, "hello", "login and allow and rateLimit")],
  ],
  [
    "a port of nginx where php is behind the login",
    { lamp: { port: 8081 }, loadbalancer: { mode: "fastcgi", routes: { lamp: login } } },
    [refused("lamp.port", 8081, "lamp", "login")],
  ],
  ["no port", { loadbalancer: { mode: "fastcgi", routes: { lamp: login } } }, []],
  ["no rule", { lamp: { port: 8081 }, loadbalancer: { routes: { lamp: { path: "/", login: false } } } }, []],
  ["no route to it", { lamp: { port: 8081 }, loadbalancer: { routes: { hello: login } } }, []],
  ["no load balancer", { lamp: { port: 8081 }, loadbalancer: undefined }, []],
])("%s: a route with access rules is the only way to its service", (_, changes, problems) => {
  expect(refusal(withStacks(JSON.parse(JSON.stringify({ hello: {}, ...changes })) as RawConfig))).toEqual(problems);
});

test("a stream is a way around the route of its service, and none around that of another port", () => {
  const plans = (port: number) => ({
    ports: [
      { service: "loadbalancer", port: 5000, key: "loadbalancer.streams.web.port", to: { service: "shop_web", port } },
    ],
    routes: { shop: { path: "/", login: true } },
    targets: { shop: { kind: "service", service: "shop_web", port: 80 } as const },
    edge: { protocol: "http" } as const,
  });
  expect(bypassProblems(plans(80)).map(({ path }) => path)).toEqual(["loadbalancer.streams.web.port"]);
  expect(bypassProblems(plans(81))).toEqual([]);
});

const plansWith = (changes: RawConfig) => plansOf(stacks, parseConfig(withStacks(changes)));

test("a port beside a route that all may use is a warning, and no port is none", () => {
  expect(bypassWarnings(plansWith({ hello: { port: 8080 } }))).toEqual([
    "hello.port: publishes 8080 on every node, beside the route 'hello': clients reach the service there without TLS, and can send any X-Forwarded-For; remove the port if the route is enough",
  ]);
  expect(bypassWarnings(plansWith({}))).toEqual([]);
});

test("whatever the routes, a service can be reached, and a route with access rules is the only way", () => {
  const route = fc.record({ path: fc.constantFrom("/a/", "/b/"), login: fc.boolean() }, { requiredKeys: ["path"] });
  const port = fc.option(fc.constantFrom(90, 91), { nil: undefined });
  fc.assert(
    fc.property(
      fc.option(fc.record({ hello: route }, { requiredKeys: [] }), { nil: undefined }),
      port,
      fc.constantFrom("http", "fastcgi"),
      (routes, helloPort, mode) => {
        const raw = withStacks({
          hello: helloPort === undefined ? {} : { port: helloPort },
          loadbalancer: { mode, ...(routes && { routes }) },
        });
        const hasLogin = routes?.hello?.login === true;
        expect(refusal(raw)).toHaveLength(hasLogin && helloPort !== undefined ? 1 : 0);
        if (hasLogin && helloPort !== undefined) return;
        const { ports } = plansOf(stacks, parseConfig(raw));
        const published = ports.some(({ service }) => service === "hello");
        const isRouted = routes === undefined || routes.hello !== undefined;
        expect(published || isRouted).toBe(true);
        if (hasLogin) expect(published).toBe(false);
      },
    ),
  );
});
