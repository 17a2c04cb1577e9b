import { status } from "@grpc/grpc-js";
import { parseConfig } from "../../../stacks/config";
import type { Route } from "../../../stacks/loadbalancer/base/types";
import { haproxyConfig } from "../../../stacks/loadbalancer/haproxy";
import { nginxConfig } from "../../../stacks/loadbalancer/nginx";
import { planWith } from "../../support/balancer";
import { withStacks, type RawConfig } from "../../support/configs";
import { behindProxy } from "../../support/reverse-proxy";
import { call, grpcClient, startGrpc } from "../../support/grpc-service";
import { kinds } from "../../support/requests";

const bytes = (text: string) => [Buffer.from(text)];

describe.each(kinds)("%s", (kind) => {
  const front = behindProxy(kind, startGrpc, (port) => {
    const at = (to: number) => ({ kind: "http", servers: [{ name: "one", address: "127.0.0.1", port: to }] }) as const;
    const route = (name: string, to: Route["target"], more: Partial<Route> = {}): Route => ({
      name,
      host: `${name}.example`,
      path: "/",
      target: to,
      protocol: "grpc",
      ...more,
    });
    return {
      httpsPort: 443,
      routes: [
        route("mesh", at(port)),
        route("tasks", { kind: "service", service: "echo", port, endpoint: "tasks" }),
        route("vip", { kind: "service", service: "echo", port }),
        route("gone", at(1)),
        route("office", at(port), { allow: ["192.0.2.0/24"] }),
        route("pages", at(port), { protocol: "http" }),
        { name: "site", path: "/", target: at(port) },
      ],
    };
  });

  /** One call to the service of a route, over a connection of its own. */
  const ask = async (route: string, ...rest: readonly [Parameters<typeof call>[1], readonly Buffer[], object?]) => {
    const client = grpcClient(front.proxy.port, `${route}.example`);
    try {
      return await call(client, ...rest);
    } finally {
      client.close();
    }
  };

  front.available.each(["mesh", "tasks", "vip"])("a unary call with metadata and trailers: %s", async (route) => {
    const { code, messages, trailers } = await ask(route, "Say", bytes("hello"), {
      "x-own": "a",
      "x-real-ip": "1.2.3.4",
    });
    expect([code, trailers.get("x-trailer")]).toEqual([status.OK, ["end"]]);
    expect(messages[0]).toMatch(/^hello \{/);
    expect(JSON.parse(messages[0]?.slice(6) ?? "")).toMatchObject({
      "x-own": "a",
      "x-real-ip": "127.0.0.1",
      "x-forwarded-proto": "https",
      host: `${route}.example`,
    });
  });

  front.available("a status of the service with its text arrives", async () => {
    expect(await ask("mesh", "Say", bytes("fail"))).toMatchObject({ code: status.ABORTED, details: "as asked for" });
  });

  front.available("messages of a stream arrive one by one, and its trailers after them", async () => {
    const { messages, code, trailers } = await ask("mesh", "Count", bytes("5"));
    expect([messages, code, trailers.get("x-trailer")]).toEqual([["1", "2", "3", "4", "5"], status.OK, ["end"]]);
  });

  front.available("a stream of the client is no body with a limit: 120 MiB", async () => {
    const mib = Buffer.alloc(1024 * 1024);
    const { messages, code } = await ask(
      "mesh",
      "Sum",
      Array.from({ length: 120 }, () => mib),
    );
    expect([messages, code]).toEqual([[String(120 * 1024 * 1024)], status.OK]);
  });

  front.available("both sides of a chat speak in turn", async () => {
    const words = ["one", "two", "three"];
    const { messages, code } = await ask(
      "mesh",
      "Chat",
      words.map((word) => Buffer.from(word)),
    );
    expect([messages, code]).toEqual([words, status.OK]);
  });

  front.available("a hundred calls share a connection", async () => {
    const client = grpcClient(front.proxy.port, "mesh.example");
    const ended = await Promise.all(Array.from({ length: 100 }, () => call(client, "Count", bytes("2"))));
    client.close();
    expect(new Set(ended.map(({ code, messages }) => `${String(code)} ${messages.join()}`))).toEqual(
      new Set(["0 1,2"]),
    );
  });

  front.available("no server: the call ends at once with UNAVAILABLE, which the load balancer says", async () => {
    expect(await ask("gone", "Say", bytes("hello"))).toMatchObject({
      code: status.UNAVAILABLE,
      details: "no server of this route can be reached",
    });
  });

  front.available(
    "a client that may not use the route: PERMISSION_DENIED by gRPC's table of HTTP statuses",
    async () => {
      expect((await ask("office", "Say", bytes("hello"))).code).toBe(status.PERMISSION_DENIED);
    },
  );

  front.available("a route without the key does not reach the service", async () => {
    expect((await ask("pages", "Say", bytes("hello"))).code).not.toBe(status.OK);
  });
});

/** Problems of a configuration with this route to the shipped stack of a name. */
const problems = (name: string, route: RawConfig, more: RawConfig = {}) => {
  try {
    parseConfig(withStacks({ loadbalancer: { routes: { [name]: route }, ...more } }));
    return "";
  } catch (error) {
    return String(error);
  }
};

test.each([
  ["hello", { path: "/hello/" }, {}, "hello.path: is '/hello/'; the path of a gRPC call is its method"],
  ["hello", { path: "/", compression: true }, {}, "hello.compression: cannot be used with protocol 'grpc'"],
  ["hello", { path: "/", bodyMiB: 5 }, {}, "hello.bodyMiB: cannot be used with protocol 'grpc'"],
  [
    "hello",
    { path: "/", sticky: true },
    { implementation: "haproxy" },
    "hello.sticky: cannot be used with protocol 'grpc'",
  ],
  ["lamp", { path: "/" }, { mode: "fastcgi" }, "lamp.protocol: is 'grpc', but this route leads to php by FastCGI"],
  ["hello", { path: "/", host: "api.example", login: true }, {}, ""],
])("a route to gRPC: %s %j", (name, route, more, problem) => {
  expect(problems(name, { ...route, protocol: "grpc" }, more)).toMatch(problem === "" ? /^$/ : problem);
});

test("a call may be silent for the read timeout of its route, in both directions, and may not before another route's", () => {
  const plan = planWith({
    hello: { host: "api.example", path: "/", protocol: "grpc", readTimeoutSeconds: 900 },
    visualizer: { path: "/", protocol: "grpc" },
  });
  const own = "{ req.hdr(host),field(1,:) -i api.example api.example. } ";
  const calls = "{ req.hdr(content-type) -m beg application/grpc }";
  // HAProxy takes the last one: that of the host.
  expect(haproxyConfig(plan, "").match(/http-request set-timeout client .*/g)).toEqual([
    `http-request set-timeout client 3600s if ${calls}`,
    `http-request set-timeout client 900s if ${own}${calls}`,
  ]);
  const config = nginxConfig(plan);
  for (const use of ["grpc_read_timeout", "grpc_send_timeout", "client_body_timeout"])
    expect(config).toContain(`${use} 900s;`);
});
