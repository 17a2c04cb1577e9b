import fc from "fast-check";
import { bySpecificity } from "../../../stacks/loadbalancer/base/types";
import { anyPlan, planOf, planWith } from "../../support/balancer";

const nodes = (port: number) => [
  { name: "manager1", address: "10.77.0.11", port },
  { name: "worker1", address: "10.77.0.21", port },
];

const helloTasks = { kind: "service", service: "hello", port: 8080, endpoint: "tasks" };

test("without the key routes every stack has a route with its name", () => {
  expect(planOf({})).toEqual({
    httpsPort: 443,
    routes: [
      { name: "hello", path: "/hello/", target: helloTasks },
      {
        name: "lamp",
        path: "/",
        target: { kind: "service", service: "lamp-nginx", port: 8080, endpoint: "tasks" },
      },
      {
        name: "visualizer",
        path: "/visualizer/",
        login: true,
        target: { kind: "service", service: "visualizer", port: 8080 },
      },
    ],
  });
});

test("routes to stacks that are not deployed are left out", () => {
  const names = (changes: object) => planOf({}, { ...changes }).routes.map(({ name }) => name);
  expect(names({ lamp: undefined })).toEqual(["hello", "visualizer"]);
  expect(names({ visualizer: undefined })).toEqual(["hello", "lamp"]);
  expect(names({ lamp: { admin: { image: "adminer:5.4.1" } } })).toEqual(["hello", "lamp", "admin", "visualizer"]);
  expect(names({ lamp: undefined, visualizer: undefined })).toEqual(["hello"]);
});

test("with the key routes only its stacks have a route", () => {
  expect(planWith({ hello: { path: "/" } }).routes.map(({ name }) => name)).toEqual(["hello"]);
  expect(planWith({}).routes).toEqual([]);
});

test("a stack with a published port is reached through every node", () => {
  const [hello, lamp] = planOf({}, { hello: { port: 8080 }, lamp: { port: 8081 } }).routes.map(({ target }) => target);
  expect(hello).toEqual({ kind: "http", servers: nodes(8080) });
  expect(lamp).toEqual({ kind: "http", servers: nodes(8081) });
});

test("FastCGI goes to php's tasks, and to php alone, also where nginx publishes a port", () => {
  for (const lamp of [{}, { port: 8081 }]) {
    const targets = planOf({ mode: "fastcgi" }, { lamp }).routes.map(({ target }) => target);
    expect(targets.slice(0, 2)).toEqual([
      helloTasks,
      { kind: "fastcgi", service: "lamp-php", port: 9000, root: "/srv/www" },
    ]);
  }
});

test("a route keeps its settings", () => {
  const settings = {
    host: "shop.example",
    path: "/shop/",
    login: true,
    allow: ["10.0.0.0/8"],
    rateLimit: { requestsPerSecond: 5, burst: 1 },
  };
  expect(planWith({ hello: settings }, { httpsPort: 8443 })).toEqual({
    httpsPort: 8443,
    routes: [{ name: "hello", ...settings, target: helloTasks }],
  });
});

test("a route for a host goes before one for any, and of those a long path before a short one", () => {
  const order = bySpecificity(
    planWith({ lamp: { path: "/long/er/" }, hello: { host: "a.b", path: "/" }, visualizer: { path: "/" } }).routes,
  );
  expect(order.map(({ name }) => name)).toEqual(["hello", "lamp", "visualizer"]);
});

test("ordering loses no route, and never puts one before another that all its requests fit", () => {
  fc.assert(
    fc.property(anyPlan, ({ routes }) => {
      const order = bySpecificity(routes);
      expect(order.map(({ name }) => name).sort()).toEqual(routes.map(({ name }) => name).sort());
      for (const [i, early] of order.entries())
        for (const late of order.slice(i + 1)) {
          const hidden = [undefined, late.host].includes(early.host) && late.path.startsWith(early.path);
          expect([early.name, late.name, hidden]).toEqual([early.name, late.name, false]);
        }
    }),
  );
});
