import type { Listener } from "../../../../stacks/loadbalancer/base/types";
import { haproxyConfig } from "../../../../stacks/loadbalancer/haproxy";
import { nginxConfig } from "../../../../stacks/loadbalancer/nginx";
import { kinds } from "../../../support/requests";
import { behindProxy } from "../../../support/reverse-proxy";
import {
  answered,
  datagram,
  halfClosed,
  securely,
  startStreamServers,
  type StreamServers,
} from "../../../support/stream-servers";
import { canStream } from "../../../support/streams";

const listeners = { tcp: 20_000, tls: 20_001, others: 20_002, away: 20_003, some: 20_004, udp: 20_005 } as const;

let servers: StreamServers;

function planned(kind: (typeof kinds)[number]): Listener[] {
  const to = (service: string, port: number, name = service.replace("_", "-")) => [{ name, service, port }];
  const of = (listen: number, upstreams: Listener["upstreams"], more: Partial<Listener> = {}): Listener => {
    return { published: 5000, listen, protocol: "tcp", timeoutSeconds: 30, upstreams, ...more };
  };
  const named = [
    { name: "wild", service: "shop_wild", port: servers.tls.two, host: "*.a.org" },
    { name: "exact", service: "shop_exact", port: servers.tls.one, host: "one.a.org" },
  ];
  return [
    of(listeners.tcp, to("shop_echo", servers.tcp)),
    of(listeners.tls, named, { protocol: "tls" }),
    of(listeners.others, to("shop_echo", servers.tcp, "others"), { allow: ["192.0.2.0/24", "198.51.100.0/24"] }),
    of(listeners.away, to("shop_away", servers.closed)),
    of(listeners.some, to("shop_some", servers.tcp), { allow: ["127.0.0.0/8"] }),
    ...(kind === "nginx" ? [of(listeners.udp, to("shop_names", servers.udp), { protocol: "udp" })] : []),
  ];
}

describe.each(kinds.filter(canStream))("%s", (kind) => {
  const start = async () => (servers = await startStreamServers());
  const front = behindProxy(kind, start, () => ({ httpsPort: 443, routes: [], streams: planned(kind) }));
  const at = (listen: keyof typeof listeners) => front.proxy.streamPorts.get(listeners[listen]) ?? 0;

  front.available("TCP arrives in both directions while the connection is open", async () => {
    // HAProxy looks the service up after it has started.
    const deadline = Date.now() + 5000;
    while ((await answered(at("tcp"), "ping")) === "" && Date.now() < deadline);
    expect(await answered(at("tcp"), "ping")).toBe("ping");
  });

  front.available("a client that ends its side gets the rest of the answer", async () => {
    const text = "x".repeat(300_000);
    expect(await halfClosed(at("tcp"), text)).toBe(`${text}|300000`);
  });

  front.available("without a task that answers the connection is closed, and other ports serve", async () => {
    expect(await answered(at("away"), "ping")).toBe("");
    expect(await answered(at("tcp"), "ping")).toBe("ping");
  });

  front.available("a task that is away is tried at another one", async () => {
    front.proxy.addresses.set("tasks.shop_some", ["127.0.0.2", "127.0.0.1", "127.0.0.3"]);
    // Answers of the name server are valid for 1 s.
    const until = Date.now() + 3000;
    const seen = new Set<string>();
    while (Date.now() < until) seen.add(await answered(at("some"), "ping"));
    expect([...seen]).toEqual(["ping"]);
  });

  front.available("a client of another network gets no byte", async () => {
    expect(await answered(at("others"), "ping")).toBe("");
  });

  front.available.each([
    ["one.a.org", "one: one"],
    ["ONE.a.org", "one: one"],
    ["two.a.org", "two: two"],
    ["x.two.a.org", undefined],
    ["a.org", undefined],
    ["b.org", undefined],
    [undefined, undefined],
  ])("TLS for %s is passed to the service that has its certificate: %s", async (name, expected) => {
    expect(await securely(at("tls"), name)).toBe(expected);
  });

  front.available("what is no TLS is closed on a port for TLS", async () => {
    expect(await answered(at("tls"), "GET / HTTP/1.0\r\n\r\n")).toBe("");
  });

  (kind === "nginx" ? front.available : test.skip)("a datagram is answered", async () => {
    expect(await datagram(at("udp"), "one")).toBe("got one");
    expect(await datagram(at("udp"), "two")).toBe("got two");
  });
});

test("without streams there is no line for them", () => {
  const plan = { httpsPort: 443, routes: [] };
  expect(nginxConfig({ ...plan, streams: [] })).toBe(nginxConfig(plan));
  expect(haproxyConfig({ ...plan, streams: [] }, "")).toBe(haproxyConfig(plan, ""));
  expect(nginxConfig(plan)).not.toMatch(/load_module|stream \{/);
});
