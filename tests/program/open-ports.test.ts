import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodePorts } from "../../infra/config/node-ports";
import { parseConfig } from "../../stacks/config";
import { stacks } from "../../stacks/index";
import { plansOf, readFiles } from "../../stacks/plans";
import { withStacks, type RawConfig } from "../support/configs";
import { find } from "../support/mocks";
import { openPorts } from "../support/open-ports";
import { runProgram } from "../support/program";
import { portsOf } from "../support/refused";
import { repository } from "../support/sources";

/** A farm with every stack, and with every port that a key can open. */
const folder = mkdtempSync(join(tmpdir(), "ports-"));
writeFileSync(
  join(folder, "compose.yaml"),
  'services: {web: {image: swarm-farm/hello, ports: ["8090:8080", "8091:8080/udp"]}}\n',
);
const everything = withStacks({
  hello: { port: 8080 },
  lamp: { port: 8081, admin: { image: "adminer:5.4.1" } },
  loadbalancer: {
    ...{ mode: "fastcgi", proxyProtocol: { port: 8444, from: ["10.0.0.0/8"] } },
    streams: {
      text: { port: 5432, service: "shop_web" },
      datagrams: { port: 5353, protocol: "udp", service: "shop_web" },
      one: { port: 8883, protocol: "tls", host: "one.example.org", service: "shop_web" },
      two: { port: 8883, protocol: "tls", host: "*.example.org", service: "shop_web" },
    },
  },
  visualizer: {},
  steward: {},
  stacks: { shop: { file: join(folder, "compose.yaml") } },
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const table = openPorts();

/** Content of a row, for comparison. */
const lines = (rows: readonly { readonly name: string; readonly protocols: readonly string[] }[]) =>
  rows.map(({ name, protocols }) => `${name} ${[...protocols].sort().join()}`).sort();

const onNodes = table.filter(({ where }) => !where.startsWith("machine"));

/** Ports of the stacks by the key that opens them. */
function declared(raw: RawConfig) {
  const config = parseConfig(raw);
  const values = { ...config } as Readonly<Record<string, unknown>>;
  const { ports } = plansOf(stacks, values, readFiles(stacks, values, repository).files);
  return ports.map(({ key, port, protocol = "tcp" }) => ({
    key: key.includes(":") ? "stacks" : key.replace(/(\.streams\.)[^.]+/, "$1<name>"),
    port,
    protocol,
  }));
}

test("the table has every port that a node uses, with its protocols, and every key that opens one, and no more", () => {
  const keys = declared(everything);
  const byKey = [...new Set(keys.map(({ key }) => key))].map((name) => ({
    name,
    protocols: [...new Set(keys.filter(({ key }) => key === name).map(({ protocol }) => protocol))],
  }));
  const udpOnly = ["4789"];
  const both = ["7946"];
  const fixed = Object.keys(nodePorts).map((name) => ({
    name,
    protocols: both.includes(name) ? ["tcp", "udp"] : udpOnly.includes(name) ? ["udp"] : ["tcp"],
  }));
  expect(lines(onNodes)).toEqual(lines([...fixed, ...byKey]));
});

test("a default port in the table is that of the configuration", () => {
  const keys = declared(everything);
  for (const { name, port } of table.filter((row) => row.name.includes(".") && row.port !== undefined)) {
    expect([name, port]).toEqual([name, keys.find(({ key }) => key === name)?.port]);
  }
});

test.each<[string, RawConfig]>([
  ["every port that a key opens", everything],
  [
    "access rules on all routes",
    withStacks({
      loadbalancer: { routes: { hello: { path: "/h/", login: true }, lamp: { path: "/", login: true } } },
    }),
  ],
])("services publish what the plans of the stacks declare, and the registry's port: %s", async (_, raw) => {
  const { resources } = await runProgram(raw);
  const published = resources
    .filter(({ type }) => type === "docker:index/service:Service")
    .flatMap(({ inputs }) => (inputs as Service).endpointSpec?.ports ?? [])
    .map(({ publishedPort, protocol }) => `${String(publishedPort)}/${protocol}`);
  const expected = declared(raw).map(({ port, protocol }) => `${String(port)}/${protocol}`);
  expect(published.sort()).toEqual([...expected, "5000/tcp"].sort());
  expect(portsOf(resources).map(({ port }) => port)).not.toContain(9000);
});

test("a service that a stream leads to is on one network more than without it", async () => {
  const networks = async (raw: RawConfig) => {
    const { resources } = await runProgram(raw);
    const [web] = resources.filter(({ inputs }) => (inputs as Service).name === "shop_web");
    return (web?.inputs as Service).taskSpec?.networksAdvanceds?.length ?? 0;
  };
  const shop = { stacks: { shop: { file: join(folder, "compose.yaml") } } };
  const web = { port: 5432, service: "shop_web" };
  const before = await networks(withStacks({ ...shop, loadbalancer: {} }));
  expect(await networks(withStacks({ ...shop, loadbalancer: { streams: { web } } }))).toBe(before + 1);
});

interface Service {
  readonly name?: string;
  readonly taskSpec?: { readonly networksAdvanceds?: readonly unknown[] };
  readonly endpointSpec?: { readonly ports?: readonly { publishedPort?: number; protocol: string }[] };
}

test("libvirt's network answers names and gives no addresses, as the table says", async () => {
  const { resources } = await runProgram(withStacks());
  const { dhcp, dns } = find(resources, "local-network").inputs as Record<string, { enabled: boolean }>;
  expect([dhcp?.enabled, dns?.enabled]).toEqual([false, true]);
  const onMachine = table.filter(({ where }) => where.startsWith("machine")).map(({ name }) => name);
  expect(onMachine).toContain("53");
  expect(onMachine).not.toContain("67");
});

test("a row that names no port is an error", () => {
  expect(() => openPorts("## Open ports\n\n| port | where |\n| --- | --- |\n| some | every node |\n")).toThrow(
    "docs/security.md: 'some' is no port",
  );
});
