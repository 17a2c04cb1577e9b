import { config, differenceBetween, local, rolled } from "../support/difference";
import { find, type Registered } from "../support/mocks";
import { runProgram, stackConfig, type Run } from "../support/program";

const dev = stackConfig("Pulumi.dev.yaml");
const { loadbalancer } = dev as { loadbalancer: object };
const withVip = (vip: unknown, more: object = {}) =>
  runProgram({ ...dev, loadbalancer: { ...loadbalancer, vip, ...more } });

let before: Run;
let after: Run;

beforeAll(async () => {
  before = await runProgram(dev);
  after = await withVip(["10.77.0.250", "10.77.0.251"]);
});

const spec = (resources: readonly Registered[], service: string) =>
  (find(resources, `${service}-service`).inputs as { taskSpec: { containerSpec: Record<string, unknown> } }).taskSpec
    .containerSpec;

test("a farm that gets addresses gets a service, a push and another certificate, and nothing else changes", () => {
  expect(differenceBetween(before.resources, after.resources)).toEqual({
    added: [
      config("loadbalancer-vip", "loadbalancer-vip-config"),
      local("loadbalancer-vip", "loadbalancer-vip-host"),
      "loadbalancer-vip > loadbalancer-vip-server: swarm-farm:service:SwarmService",
      "loadbalancer-vip-server > loadbalancer-vip-server-converged: command:local:Command",
      "loadbalancer-vip-server > loadbalancer-vip-server-service: docker:index/service:Service",
      local("registry", "keepalived-push"),
      " > loadbalancer-vip: swarm-farm:vip:VirtualAddresses",
    ].sort(),
    removed: [],
    // Another certificate is another secret of the load balancer, which is rolled: mocks issue the same one.
    changed: ["cleanup > manager1-cleanup: command:remote:Command", local("swarm", "loadbalancer-certificate")],
  });
});

test("the certificate is for the addresses, before those of the nodes", () => {
  const { environment, triggers } = find(after.resources, "loadbalancer-certificate").inputs as {
    environment: { NAMES: string };
    triggers: string[];
  };
  expect(environment.NAMES).toMatch(/^DNS:farm.localhost,IP:10.77.0.250,IP:10.77.0.251,IP:10.77.0.11,/);
  expect(triggers).toContain(environment.NAMES);
});

test("URLs have the first address, outputs all of them; without the key there are none", () => {
  const { urls, addresses } = after.outputs as { urls: Record<string, string>; addresses: string[] };
  expect(urls.lamp).toBe("https://10.77.0.250/");
  expect(addresses).toEqual(["10.77.0.250", "10.77.0.251"]);
  // An undefined output is a warning in every preview.
  expect(before.outputs.addresses).toEqual([]);
});

test("the URL of a port of the routing mesh has the first address too", async () => {
  const { outputs } = await runProgram({
    ...dev,
    hello: { port: 8090 },
    loadbalancer: { ...loadbalancer, vip: "10.77.0.250" },
  });
  expect(outputs.urls).toMatchObject({ hello: "http://10.77.0.250:8090" });
});

test("keepalived asks the balancer at the port that it publishes, and starts after it", async () => {
  const { resources } = await withVip("10.77.0.250", { httpPort: 8180 });
  const { data } = find(resources, "loadbalancer-vip-config").inputs as { data: string };
  expect(Buffer.from(data, "base64").toString()).toContain("$NODE 8180 10.77.0.250");
  expect(find(resources, "loadbalancer-vip-server-service").dependsOn).toContain("loadbalancer-server-converged");
  expect(spec(resources, "loadbalancer-vip-server").image).toMatch(/keepalived/);
});

test("a node more changes nothing of it but the wait for its task", async () => {
  const { nodes } = dev as { nodes: object };
  const vip = { ...loadbalancer, vip: "10.77.0.250" };
  const one = await runProgram({ ...dev, loadbalancer: vip });
  const more = await runProgram({ ...dev, loadbalancer: vip, nodes: { ...nodes, worker9: { role: "worker" } } });
  const { changed } = differenceBetween(one.resources, more.resources);
  expect(changed.filter((line) => line.includes("vip"))).toEqual([]);
  expect(changed).not.toEqual(expect.arrayContaining(rolled("loadbalancer-vip-server")));
});
