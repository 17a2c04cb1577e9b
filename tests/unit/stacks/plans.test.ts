import { z } from "zod";
import { defineStack, type Stack, type StackPlan } from "../../../stacks/contract";
import { stacks } from "../../../stacks/index";
import { plansOf, recipesOf } from "../../../stacks/plans";
import { portProblems } from "../../../stacks/ports";
import { parseConfig } from "../../../stacks/config";
import { withStacks } from "../../support/configs";

const stack = (name: string, plan: StackPlan, more: Partial<Stack> = {}): Stack => ({
  ...defineStack({ name, schema: z.strictObject({}).optional(), plan: () => plan, deploy: () => ({ services: [] }) }),
  ...more,
});

const names = (raw: Record<string, unknown>) => recipesOf(stacks, raw).map(({ name }) => name);
const preloaded = ["base", "registry", "nginx", "php", "mysql"];

test.each<[string, Record<string, unknown>, readonly string[]]>([
  ["nothing but nodes", {}, [...preloaded, "hello"]],
  ["haproxy", { loadbalancer: { implementation: "haproxy" } }, [...preloaded, "hello", "haproxy"]],
  [
    "an image instead of haproxy",
    { loadbalancer: { implementation: "haproxy", image: "haproxy:3.2" } },
    [...preloaded, "hello"],
  ],
  ["the visualizer", { visualizer: {} }, [...preloaded, "hello", "visualizer"]],
  ["an image instead of the visualizer", { visualizer: { image: "a:1" } }, [...preloaded, "hello"]],
  ["the program that starts jobs", { jobs: {} }, [...preloaded, "hello", "jobs"]],
  ["the steward", { steward: {} }, [...preloaded, "hello", "exporter", "prometheus", "steward"]],
  [
    "an encrypted value, which only Pulumi reads",
    { visualizer: { image: "[secret]" } },
    [...preloaded, "hello", "visualizer"],
  ],
])("with %s, exactly the images that tasks run are built", (_, raw, images) => {
  expect(names(raw)).toEqual(images);
});

test("an image that no stack has a recipe for is refused", () => {
  expect(() => recipesOf([...stacks, stack("a", { images: ["web"] })], { a: {} })).toThrow(
    "the image 'web' has no recipe; recipes: acme, acme-balancer, alertmanager, backups, base, blackbox-exporter, exporter, haproxy",
  );
});

test("plans are those of deployed stacks, in order; routes are those of all", () => {
  const config = parseConfig(withStacks({ loadbalancer: { mode: "fastcgi" } }));
  const plans = plansOf(stacks, config);
  expect(plans).toMatchObject({
    images: ["hello", "nginx", "php", "mysql", "valkey"],
    targets: {
      hello: { kind: "service", service: "hello", port: 8080, endpoint: "tasks" },
      lamp: { kind: "fastcgi", service: "lamp-php", port: 9000, root: "/srv/www" },
    },
    edge: { protocol: "fastcgi" },
  });
  expect(plans.ports.map(({ service, port }) => `${service} ${port}`)).toEqual(["loadbalancer 80", "loadbalancer 443"]);
  expect(Object.keys(plans.services)).toEqual(["hello", "lamp.nginx", "lamp.php"]);
  expect(Object.keys(plans.routes)).toEqual(["hello", "lamp", "admin", "visualizer", "logs", "monitoring"]);
});

test("a target needs a route of its stack", () => {
  const target = { kind: "http", port: 80 } as const;
  expect(() => plansOf([stack("a", { targets: { shop: target } })], { a: {} })).toThrow(
    "stack 'a' has a target for the route 'shop', which is not under its routes",
  );
});

test("scrape targets and alerts of all deployed stacks are collected", () => {
  const alert = {
    name: "Down",
    expression: "up == 0",
    severity: "critical",
    summary: "s",
    action: "a",
    page: "p",
  } as const;
  const target = { service: "a", port: 9000 };
  const problem = { path: "b", message: "is wrong" };
  const list = [stack("a", { scrape: [target], alerts: [alert] }), stack("b", { scrapeProblems: [problem] })];
  const { scrape, scrapeProblems, alerts } = plansOf(list, { a: {}, b: {} });
  expect([scrape, scrapeProblems, alerts]).toEqual([[target], [problem], [alert]]);
  expect(plansOf(list, { b: {} })).toMatchObject({ scrape: [], alerts: [] });
  expect(() => plansOf([...list, stack("c", { alerts: [alert] })], { a: {}, c: {} })).toThrow(
    "the stacks 'a' and 'c' both have an alert 'Down'; rename it in one of them",
  );
});

test("exporters of lamp and the steward's services are targets", () => {
  const { scrape } = plansOf(stacks, parseConfig(withStacks({ steward: {} })));
  expect(scrape).toEqual([
    { service: "lamp-mysql-exporter", port: 9104 },
    { service: "lamp-php-exporter", port: 9101 },
    { service: "exporter", port: 9101 },
    { service: "steward", port: 8080 },
  ]);
});

test("images of exporters are those of a farm with Prometheus", () => {
  const list = [stack("a", { images: ["a"], exporterImages: ["b", "c"] }), stack("m", { images: ["c"] })];
  expect(plansOf(list, { a: {}, m: {} })).toMatchObject({ images: ["a", "c"], exporterImages: ["b", "c"] });
  const monitored = [...list, stack("p", { prometheus: { service: "p", port: 9090 } })];
  expect(plansOf(monitored, { a: {}, m: {}, p: {} }).images).toEqual(["a", "c", "b"]);
});

test("one stack at most is the reverse proxy of the others", () => {
  const edge = () => ({ protocol: "http" }) as const;
  const list = [stack("a", {}, { edge }), stack("b", {}, { edge })];
  expect(plansOf(list, { a: {} }).edge).toEqual(edge());
  expect(() => plansOf(list, { a: {}, b: {} })).toThrow(
    "the stacks 'a' and 'b' are both the reverse proxy of all others; deploy one of them",
  );
});

test("one port may be used once by each protocol, and none that every node uses", () => {
  const ports = [
    { service: "dns", port: 53, key: "dns:1" },
    { service: "dns", port: 53, key: "dns:2", protocol: "udp" },
    { service: "other", port: 53, key: "other:1", protocol: "udp" },
    { service: "vpn", port: 4789, key: "vpn:1", protocol: "udp" },
    // Swarm's managers and the registry use TCP alone.
    { service: "free", port: 5000, key: "free:1", protocol: "udp" },
  ] as const;
  expect(portProblems(ports)).toEqual([
    { path: "other:1", message: "has port 53/udp, which dns:2 uses; choose another, e.g. 8080" },
    {
      path: "vpn:1",
      message: "has port 4789/udp, which overlay networks on every node uses; choose another, e.g. 8080",
    },
  ]);
});

test("two services may have one port of their nodes, and none that the mesh publishes", () => {
  const ports = [
    { service: "a", port: 53, key: "a:1", host: true },
    { service: "b", port: 53, key: "b:1", host: true },
    { service: "c", port: 53, key: "c:1" },
  ];
  expect(portProblems(ports)).toEqual([
    { path: "c:1", message: "has port 53, which a:1 uses; choose another, e.g. 8080" },
  ]);
});

test("ports that Swarm chooses are in nobody's way", () => {
  const any = { service: "web", port: undefined, key: "web.port" };
  expect(portProblems([any, any])).toEqual([]);
});
