import fc from "fast-check";
import { withStacks, type RawConfig } from "../../support/configs";
import { refusal, type Mistake } from "../../support/refusal";

const ports = (hello: number, lamp: number, loadbalancer: RawConfig = {}) =>
  withStacks({ hello: { port: hello }, lamp: { port: lamp }, loadbalancer });
const wants = (path: string, port: number, user: string, free = 8080) =>
  `${path}: has port ${port}, which ${user} uses; choose another, e.g. ${free}`;

const routes = (all: RawConfig) => withStacks({ loadbalancer: { routes: all } });

const mistakes: Mistake[] = [
  ["lamp where hello is", ports(8080, 8080), wants("lamp.port", 8080, "hello.port", 8081)],
  ["lamp where hello is, elsewhere", ports(8000, 8000), wants("lamp.port", 8000, "hello.port")],
  ["hello where the registry is", ports(5000, 8081), wants("hello.port", 5000, "the farm's registry on every node")],
  ["lamp where the swarm is", ports(8080, 2377), wants("lamp.port", 2377, "the swarm's managers on every node", 8081)],
  ["the balancer where hello is", ports(80, 8081), wants("loadbalancer.httpPort", 80, "hello.port")],
  [
    "the balancer twice on one port",
    ports(8080, 8081, { httpPort: 443 }),
    wants("loadbalancer.httpsPort", 443, "loadbalancer.httpPort", 8082),
  ],
  [
    "two routes at one path",
    routes({ lamp: { path: "/" }, hello: { path: "/" } }),
    "loadbalancer.routes.hello: has host and path of route 'lamp'; give one of them another path or host",
  ],
  [
    "two routes at one path of a host",
    routes({ lamp: { host: "a.b", path: "/x/" }, visualizer: { host: "a.b", path: "/x/" } }),
    "loadbalancer.routes.visualizer: has host and path of route 'lamp'; give one of them another path or host",
  ],
];

test("every route may be named, also those to stacks that are not deployed", () => {
  const named = { hello: { path: "/h/" }, lamp: { path: "/l/" }, admin: { path: "/a/" }, visualizer: { path: "/v/" } };
  expect(refusal(routes(named))).toEqual([]);
});

test.each(mistakes)("%s: refused", (_, raw, problem) => {
  expect(refusal(raw)).toEqual([problem]);
});

test("reports problems of all stacks at once", () => {
  const raw = { ...ports(22, 22, { httpsPort: 22 }), nodes: { manager1: { role: "manager" } } };
  expect(refusal(raw).map((line) => line.split(":")[0])).toEqual([
    "hello.port",
    "lamp.port",
    "loadbalancer.httpsPort",
    "lamp.mysql",
    "lamp.php",
  ]);
});

test.each<[string, RawConfig]>([
  ["php's port is anyone's, since it is never published", ports(9000, 8081, { mode: "fastcgi" })],
  ["hello may have the balancer's port where there is none", { ...ports(443, 80), loadbalancer: undefined }],
  ["one path may lead elsewhere for each host", routes({ lamp: { path: "/" }, hello: { host: "a.b", path: "/" } })],
])("%s", (_, raw) => {
  expect(refusal(JSON.parse(JSON.stringify(raw)))).toEqual([]);
});

test("ports are refused exactly when one is used twice, and the port that is advised is free", () => {
  const port = fc.constantFrom(80, 443, 5000, 8080, 8081, 8082, 9000);
  const mode = fc.constantFrom("http", "fastcgi");
  fc.assert(
    fc.property(port, port, port, port, mode, (hello, lamp, httpPort, httpsPort, how) => {
      const problems = refusal(ports(hello, lamp, { httpPort, httpsPort, mode: how }));
      const used = [hello, lamp, httpPort, httpsPort, 5000];
      expect(problems).toHaveLength(used.length - new Set(used).size);
      for (const problem of problems) expect(used).not.toContain(Number(/e\.g\. (\d+)$/.exec(problem)?.[1]));
    }),
  );
});

test("routes are refused exactly when two have both host and path in common", () => {
  const target = fc.record(
    { host: fc.constantFrom("a.b", "c.d"), path: fc.constantFrom("/", "/a/", "/a/b/") },
    { requiredKeys: ["path"] },
  );
  fc.assert(
    fc.property(fc.record({ lamp: target, hello: target, visualizer: target }, { requiredKeys: [] }), (all) => {
      const keys = Object.values(all).map(({ host, path }) => `${host ?? ""} ${path}`);
      expect(refusal(routes(all))).toHaveLength(keys.length - new Set(keys).size);
    }),
  );
});
