import type { Target } from "../../../stacks/loadbalancer/base/types";
import { behindProxy, exchange } from "../../support/reverse-proxy";
import { startFastCgi } from "../../support/fastcgi";
import { bytesOf, get, kinds } from "../../support/requests";
import { startTasks } from "../../support/several-tasks";

const [first, second] = ["127.0.0.1", "127.0.0.2"] as const;

describe.each(kinds)("%s", (kind) => {
  const front = behindProxy(
    kind,
    () => startTasks(first, second),
    (port) => {
      const target: Target = { kind: "service", service: "web", port, endpoint: "tasks" };
      return { httpsPort: 443, routes: [{ name: "web", path: "/", target }] };
    },
  );

  const page = async () => exchange(front.proxy.port, bytesOf(get("/")));

  /** Twenty answers, by the task or the status. */
  const pages = async () => {
    const seen = new Map<string, number>();
    for (let i = 0; i < 20; i++) {
      const { status, body } = await page();
      const key = status === 200 ? body : String(status);
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    return [...seen.keys()].sort();
  };

  const until = async (expected: readonly string[]) => {
    const deadline = Date.now() + 10_000;
    let seen = await pages();
    while (seen.join() !== expected.join() && Date.now() < deadline) seen = await pages();
    expect(seen).toEqual(expected);
  };

  front.available(
    "requests are spread over the tasks that the name has, and no request fails for one that ended",
    async () => {
      front.proxy.addresses.set("tasks.web", [first, second]);
      await until([first, second]);
      await front.server.end(second);
      expect(await pages()).toEqual([first]);
      front.proxy.addresses.set("tasks.web", [first]);
      await until([first]);
    },
    30_000,
  );

  front.available(
    "a service that has no task yet is found once it has one",
    async () => {
      front.proxy.addresses.delete("tasks.web");
      await front.server.end(second);
      front.proxy.addresses.set("tasks.web", [second]);
      await front.server.start(second);
      await until([second]);
    },
    30_000,
  );
});

describe.each(kinds)("%s in front of php", (kind) => {
  const front = behindProxy(kind, startFastCgi, (port) => ({
    httpsPort: 443,
    routes: [{ name: "lamp", path: "/", target: { kind: "fastcgi", service: "php", port, root: "/srv/www" } }],
  }));

  front.available("php-fpm's own pages are scripts of the application for a client", async () => {
    const pages = ["/ping", "/status?full", "/%70ing", "//ping", "/ping/", "/status/x.php/../"];
    // With dots it is php-fpm's where a farm is monitored.
    const dots = [
      "/../status",
      "/%2e%2e/status",
      "/..%2fstatus",
      "//../status",
      "/x/../../status",
      "/.././../status?json",
    ];
    for (const path of [...pages, ...dots]) {
      const { status, body } = await exchange(front.proxy.port, bytesOf(get(path)));
      if (status === 400) continue;
      const { SCRIPT_NAME: script } = JSON.parse(/\{.*\}/s.exec(body)?.[0] ?? "{}") as Record<string, string>;
      expect([path, script]).toEqual([path, "/index.php"]);
    }
  });
});
