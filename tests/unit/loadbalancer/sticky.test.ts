import { cookieName, stickyLines, withTasks } from "../../../stacks/loadbalancer/sticky";
import { readTimeoutOf, type Target } from "../../../stacks/loadbalancer/base/types";
import { planWith } from "../../support/balancer";
import { withStacks, type RawConfig } from "../../support/configs";
import { behindProxy, exchange } from "../../support/reverse-proxy";
import { refusal } from "../../support/refusal";
import { bytesOf, get } from "../../support/requests";
import { startTasks } from "../../support/several-tasks";

const addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3"] as const;
const target: Target = { kind: "service", service: "web", port: 80, endpoint: "tasks" };

describe("HAProxy in front of three tasks", () => {
  const front = behindProxy(
    "haproxy",
    () => startTasks(...addresses),
    (port) => ({ httpsPort: 443, routes: [{ name: "web", path: "/", sticky: true, target: { ...target, port } }] }),
  );
  const page = async (...cookies: readonly string[]) => {
    const head = cookies.length === 0 ? [] : [`Cookie: ${cookies.join("; ")}`];
    const { status, body, headers } = await exchange(front.proxy.port, bytesOf(get("/", { head })));
    return { task: status === 200 ? body : String(status), set: headers["set-cookie"], headers };
  };
  const crumb = (set: string | undefined) => set?.split(";")[0] ?? "";
  /** The tasks of ten requests, which all must be answered. */
  const ten = async (...cookies: readonly string[]) => {
    const seen = [];
    for (let i = 0; i < 10; i++) seen.push(await page(...cookies));
    return seen;
  };
  const tasksOf = (pages: readonly { readonly task: string }[]) => [...new Set(pages.map(({ task }) => task))].sort();
  const until = async (expected: readonly string[]) => {
    const deadline = Date.now() + 20_000;
    let seen = tasksOf(await ten());
    while (seen.join() !== expected.join() && Date.now() < deadline) seen = tasksOf(await ten());
    expect(seen).toEqual(expected);
  };

  front.available(
    "without a cookie requests are spread, and each answer has one that scripts and plain HTTP do not see",
    async () => {
      front.proxy.addresses.set("tasks.web", addresses);
      await until(addresses);
      const { set, headers } = await page();
      expect(set).toMatch(/^__Host-task-web=[0-9a-f]{16}; path=\/; HttpOnly; Secure; SameSite=Lax$/);
      expect(headers["cache-control"]).toBe("private");
    },
    30_000,
  );

  front.available("ten requests with the cookie get the task that set it, and no other cookie", async () => {
    const first = await page();
    const pages = await ten(crumb(first.set));
    expect(tasksOf(pages)).toEqual([first.task]);
    expect(pages.map(({ set }) => set)).toEqual(Array<undefined>(10).fill(undefined));
  });

  front.available("the service gets its own cookies alone", async () => {
    const { set } = await page();
    await page("a=1", crumb(set), "b=2");
    expect(front.server.cookie).toBe("a=1; b=2");
  });

  front.available("a value that is no task's is answered by any task, which sets another", async () => {
    for (const value of ["", "0123456789abcdef", "127.0.0.1:80", "%00", "x".repeat(4096)]) {
      const { task, set } = await page(`${cookieName({ name: "web" })}=${value}`);
      expect(addresses).toContain(task);
      expect(set).toMatch(/^__Host-task-web=[0-9a-f]{16};/);
    }
  });

  front.available(
    "the clients of a task that ends move once, no request fails, and those of others stay",
    async () => {
      const owners = new Map((await ten()).map(({ task, set }) => [task, crumb(set)]));
      const [gone, stays] = addresses;
      const cookie = owners.get(gone) ?? "";
      // Still in Docker's DNS, as a task whose node was lost.
      await front.server.end(gone);
      const moved = await page(cookie);
      expect(addresses.slice(1)).toContain(moved.task);
      expect(crumb(moved.set)).not.toBe(cookie);
      expect(tasksOf(await ten(crumb(moved.set)))).toEqual([moved.task]);
      expect(tasksOf(await ten(owners.get(stays) ?? ""))).toEqual([stays]);
      front.proxy.addresses.set("tasks.web", addresses.slice(1));
      await until(addresses.slice(1));
      expect(tasksOf(await ten(crumb(moved.set)))).toEqual([moved.task]);
      // The same address again is the same task for its cookie, on every load balancer.
      await front.server.start(gone);
      front.proxy.addresses.set("tasks.web", addresses);
      await until(addresses);
      expect(tasksOf(await ten(cookie))).toEqual([gone]);
    },
    60_000,
  );
});

test("a route has its own cookie, and none without the key", () => {
  expect(stickyLines({ name: "shop", path: "/shop/", target })).toEqual([]);
  expect(stickyLines({ name: "shop", path: "/shop/", target, sticky: true })).toEqual([
    "dynamic-cookie-key shop",
    "cookie __Host-task-shop insert indirect nocache httponly secure attr SameSite=Lax dynamic",
  ]);
});

test("a service that is reached by its VIP is reached by its tasks, with the same read timeout", () => {
  const settings = { path: "/visualizer/", sticky: true };
  const [route] = planWith({ visualizer: settings }, { implementation: "haproxy" }).routes;
  expect(route).toMatchObject({ target: { service: "visualizer", endpoint: "tasks" } });
  expect(route && readTimeoutOf(route)).toBe(3600);
  const untouched = { settings: { path: "/" }, target: { kind: "service", service: "web", port: 80 } as const };
  expect(withTasks(untouched.settings, untouched.target)).toEqual(untouched);
});

const route = (settings: RawConfig, more: RawConfig = {}) =>
  withStacks({ loadbalancer: { implementation: "haproxy", ...settings }, ...more });
const hello = { routes: { hello: { path: "/", sticky: true } } };

test.each<[string, RawConfig, readonly string[]]>([
  ["HAProxy and tasks", route(hello), []],
  [
    "nginx",
    route({ ...hello, implementation: "nginx" }),
    [
      "loadbalancer.routes.hello.sticky: cannot be used with nginx, whose package in Debian has no cookie for tasks that come and go; set loadbalancer.implementation to haproxy, or remove it",
    ],
  ],
  [
    "a published port",
    route(hello, { hello: { port: 8080 } }),
    [
      "loadbalancer.routes.hello.sticky: needs tasks that the load balancer chooses, and port 8080 of the routing mesh chooses them itself; remove the key that publishes 8080, or sticky",
    ],
  ],
  ["false on nginx", route({ implementation: "nginx", routes: { hello: { path: "/", sticky: false } } }), []],
])("with %s", (_, raw, problems) => {
  expect(refusal(raw)).toEqual(problems);
});
