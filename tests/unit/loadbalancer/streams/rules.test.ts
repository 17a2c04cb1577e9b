import { LoadBalancer } from "../../../../stacks/loadbalancer/schema";
import { listenersOf, streamPorts } from "../../../../stacks/loadbalancer/streams/plan";
import { streamProblems } from "../../../../stacks/loadbalancer/streams/rules";

const db = { port: 5432, service: "shop_db" };
const one = { port: 8883, service: "shop_web", protocol: "tls", host: "one.example.org" };

function problems(config: object, streamTargets: readonly string[] | "unread" = ["shop_db", "shop_web"]): string[] {
  const found = streamProblems(LoadBalancer.parse(config), { streamTargets });
  return found.map(({ path, message }) => `${path.replace("loadbalancer.streams.", "")} ${message}`);
}

test("streams that go together have no problem", () => {
  const two = { ...one, host: "*.example.org" };
  expect(problems({ implementation: "haproxy", drainSeconds: 5, streams: { db, one, two } })).toEqual([]);
  expect(problems({ streams: { db: { ...db, protocol: "udp" } } })).toEqual([]);
  expect(problems({})).toEqual([]);
});

test.each([
  [
    { implementation: "haproxy", streams: { db: { ...db, protocol: "udp" } } },
    "db.protocol is 'udp', which HAProxy does not pass on; set loadbalancer.implementation to nginx, or publish the port in the compose file",
  ],
  [
    { drainSeconds: 5, streams: { db: { ...db, protocol: "udp" } } },
    "db.protocol is 'udp', which cannot be used with 'loadbalancer.drainSeconds': a datagram has no connection that stays with its task; remove one of them",
  ],
  [
    { streams: { one: { ...one, host: undefined } } },
    "one.host is missing; a stream with 'tls' is chosen by the name that the client asks for (SNI)",
  ],
  [
    { streams: { db: { ...db, host: "a.org" } } },
    "db.host cannot be used with 'tcp', which has no name; set protocol to tls, or remove it",
  ],
  [
    { streams: { one, two: one } },
    "two.host is 'one.example.org', as that of stream 'one' on port 8883 is; give one of them another host or port",
  ],
  [
    { streams: { one, two: { ...one, host: "a.org", allow: ["10.0.0.0/8"] } } },
    "two.allow differs from that of stream 'one', and port 8883 of both has one; set the same for both, or choose another port",
  ],
  [
    { streams: { one: { ...one, timeoutSeconds: 5 }, two: { ...one, host: "a.org" } } },
    "two.timeoutSeconds differs from that of stream 'one', and port 8883 of both has one; set the same for both, or choose another port",
  ],
  [
    { streams: { db: { ...db, service: "db" } } },
    "db.service is 'db', which is no service of 'stacks'; services: 'shop_db', 'shop_web'",
  ],
])("refused: %j", (config, message) => {
  expect(problems(config)).toEqual([message]);
});

test("services are compared once their files are read", () => {
  expect(problems({ streams: { db } }, "unread")).toEqual([]);
  expect(problems({ streams: { db } }, [])).toEqual([
    "db.service is 'shop_db', which is no service of 'stacks'; services: none",
  ]);
});

test.each([
  { port: 0 },
  { service: "a b" },
  { service: "a;b" },
  { protocol: "sctp" },
  { allow: [] },
  { timeoutSeconds: 0 },
])("no stream at all: %j", (wrong) => {
  const { error } = LoadBalancer.safeParse({ streams: { db: { ...db, ...wrong } } });
  expect(error?.issues.map(({ path }) => path.join("."))).toEqual([`streams.db.${Object.keys(wrong).join()}`]);
});

test("each port is listened on once, and leads to the port of a container", () => {
  const { streams } = LoadBalancer.parse({
    streams: { one, db: { ...db, target: 5433, protocol: "udp" }, two: { ...one, host: "*.example.org" } },
  });
  expect(listenersOf(streams)).toEqual([
    {
      ...{ published: 8883, listen: 20_000, protocol: "tls", allow: undefined, timeoutSeconds: 600 },
      upstreams: [
        { name: "one", service: "shop_web", port: 8883, host: "one.example.org" },
        { name: "two", service: "shop_web", port: 8883, host: "*.example.org" },
      ],
    },
    {
      ...{ published: 5432, listen: 20_001, protocol: "udp", allow: undefined, timeoutSeconds: 30 },
      upstreams: [{ name: "db", service: "shop_db", port: 5433, host: undefined }],
    },
  ]);
  expect(streamPorts(streams).map(({ port, protocol, key }) => [port, protocol, key])).toEqual([
    [8883, "tcp", "loadbalancer.streams.one.port"],
    [5432, "udp", "loadbalancer.streams.db.port"],
  ]);
  expect([listenersOf(), streamPorts()]).toEqual([[], []]);
});
