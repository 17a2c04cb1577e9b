import { config, differenceBetween, local, rolled } from "../support/difference";
import { find, type Registered } from "../support/mocks";
import { runProgram, stackConfig, type Run } from "../support/program";
import { parseConfig } from "../../stacks/config";

const dev = stackConfig("Pulumi.dev.yaml");
const nodes = dev.nodes as Record<string, object>;
const names = ["manager1", "worker1", "worker2", "worker3"];
const graceful = { ...dev, loadbalancer: { drainSeconds: 60 } };

let before: Run;
let after: Run;

beforeAll(async () => {
  before = await runProgram(dev);
  after = await runProgram(graceful);
});

const service = (resources: readonly Registered[]) => find(resources, "loadbalancer-server-service");

test("a farm that gets a grace gets a handover for each node, and its load balancer is updated once, in place", () => {
  const { added, removed, changed } = differenceBetween(before.resources, after.resources);
  expect(added).toEqual(
    [
      " > loadbalancer-handover: swarm-farm:handover:Handover",
      ...names.map((name) => `loadbalancer-handover > ${name}-handover: command:remote:Command`),
    ].sort(),
  );
  expect(removed).toEqual([]);
  expect(changed).toEqual(
    [
      config("loadbalancer", "loadbalancer-etc-nginx-nginx.conf"),
      // For the addresses of nodes to come.
      local("swarm", "loadbalancer-certificate"),
      ...rolled("loadbalancer-server"),
    ].sort(),
  );
});

test("nodes have their handover before the tasks that publish no port", () => {
  expect(service(after.resources).dependsOn).toEqual(expect.arrayContaining(names.map((name) => `${name}-handover`)));
  expect(service(after.resources).inputs).toMatchObject({
    taskSpec: { containerSpec: { stopSignal: "SIGURG", stopGracePeriod: "1m40s", env: { DRAIN_SIGNAL: "QUIT" } } },
    updateConfig: { order: "start-first" },
    rollbackConfig: { order: "start-first" },
  });
  expect(service(after.resources).inputs).not.toHaveProperty("endpointSpec.ports");
});

test("a node that comes or goes changes nothing of the load balancers that stay", async () => {
  const { worker2: _, ...rest } = nodes;
  for (const others of [{ ...nodes, worker4: { role: "worker" } }, rest]) {
    const { changed } = differenceBetween(
      after.resources,
      (await runProgram({ ...graceful, nodes: others })).resources,
    );
    expect(changed).toEqual([...rolled("hello"), "local > local-network: libvirt:index/network:Network"].sort());
  }
});

test.each([0, 241, 1.5, "60"])("a grace of %p is refused with what is allowed", (drainSeconds) => {
  expect(() => parseConfig({ ...dev, loadbalancer: { drainSeconds } })).toThrow(/loadbalancer\.drainSeconds/);
});
