import { HandoverNode } from "../../../support/handover/node";
import { Namespaces } from "../../../support/namespaces";
import { programs } from "../../../support/proxy-program";

jest.setTimeout(120_000);

const usable = Namespaces.areUsable("iptables", "curl", "nsenter", "ss") && programs.nginx !== undefined;
const available = usable ? test : test.skip;

let node: HandoverNode;

beforeEach(async () => {
  node = new HandoverNode();
  if (usable) await node.start();
});
afterEach(() => {
  node.remove();
});

/** Whether an address answers a client of the node itself. */
function answersAt(address: string): boolean {
  const url = `http://${address}/healthz`;
  try {
    return node.inNode(["curl", "-qfs", "--max-time", "5", url]) === "ok\n";
  } catch {
    return false;
  }
}

available("a task that does not answer gets nothing, and the former serves although Swarm has stopped it", async () => {
  const one = node.startTask("nginx");
  node.startHandover();
  await node.until(() => node.directed() === one.address, "the task has the ports");
  const broken = node.startTask("nginx", { isBroken: true });
  node.stop(one);
  await node.until(() => node.state("stopping", one.id) !== undefined, "the stop is noted");
  expect(node.directed()).toBe(one.address);
  expect(node.log).not.toContain("sent");
  const next = node.startTask("nginx");
  await node.until(() => node.directed() === next.address, "the next one has the ports");
  await one.ended;
  expect(broken.process.exitCode).toBeNull();
});

available("a stopped task without a successor finishes after its time, and then nobody has the ports", async () => {
  const one = node.startTask("nginx");
  node.startHandover({ SUCCESSOR_SECONDS: "3" });
  await node.until(() => node.directed() === one.address, "the task has the ports");
  const stopped = Date.now();
  node.stop(one);
  await one.ended;
  expect(Date.now() - stopped).toBeGreaterThan(1500);
  await node.until(() => node.directed() === undefined, "nobody has the ports");
});

available("an update that is rolled back: the newer task is stopped, and the older keeps the ports", async () => {
  const one = node.startTask("nginx");
  node.startHandover();
  await node.until(() => node.directed() === one.address, "the task has the ports");
  const newer = node.startTask("nginx");
  await node.until(() => node.directed() === newer.address, "the newer one has the ports");
  node.stop(newer);
  await newer.ended;
  expect(node.directed()).toBe(one.address);
  expect(one.process.exitCode).toBeNull();
});

available("open connections end at the end of the grace", async () => {
  const one = node.startTask("nginx", { drainSeconds: 2 });
  node.startHandover();
  await node.until(() => node.directed() === one.address, "the task has the ports");
  const streams = await node.client("streams", "2", "60");
  const next = node.startTask("nginx");
  await node.until(() => node.directed() === next.address, "the next one has the ports");
  node.stop(one);
  await one.ended;
  const seen = await streams.finish();
  expect(seen).not.toHaveProperty("whole");
});

available("a task of a load balancer without a grace has the ports too, and ends by its own signal", async () => {
  const former = node.startTask("nginx", { withoutSignal: true });
  node.startHandover();
  await node.until(() => node.directed() === former.address, "the task has the ports");
  const next = node.startTask("nginx");
  await node.until(() => node.directed() === next.address, "the next one has the ports");
  node.stop(former);
  await node.until(() => node.state("told", former.id) !== undefined, "the stop is noted");
  expect(former.process.exitCode).toBeNull();
  former.process.kill("SIGQUIT");
  await former.ended;
  expect(node.directed()).toBe(next.address);
});

available("the ports answer at every address of the node, and rules that someone removed come back", async () => {
  const one = node.startTask("nginx");
  node.startHandover();
  await node.until(() => node.directed() === one.address, "the task has the ports");
  expect(answersAt(node.address)).toBe(true);
  expect(answersAt("172.30.0.1")).toBe(true);
  node.inNode(["iptables", "-t", "nat", "-F"]);
  node.inNode(["iptables", "-F", "FORWARD"]);
  expect(answersAt(node.address)).toBe(false);
  node.docker.emit("start", "0".repeat(64));
  await node.until(() => answersAt(node.address), "the ports answer again");
});

available(
  "the rules let new connections pass behind those of the node's owner, also once Docker has put its own first",
  async () => {
    const one = node.startTask("nginx");
    node.startHandover();
    await node.until(() => node.directed() === one.address, "the task has the ports");
    const forwarded = () => node.inNode(["iptables", "-S", "FORWARD"]).split("\n").slice(1, 3);
    const expected = ["-A FORWARD -j DOCKER-USER", "-A FORWARD -j SWARM-FARM-LB"];
    await node.until(() => forwarded().join() === expected.join(), "the rules stand in their order");
    node.inNode(["iptables", "-I", "FORWARD", "-o", "docker_gwbridge", "-j", "ACCEPT"]);
    node.inNode(["iptables", "-D", "FORWARD", "-j", "DOCKER-USER"]);
    node.inNode(["iptables", "-I", "FORWARD", "-j", "DOCKER-USER"]);
    node.docker.emit("start", "0".repeat(64));
    await node.until(() => forwarded().join() === expected.join(), "they stand in their order again");
  },
);

available(
  "a program that was killed finds out what Swarm stopped meanwhile, and the ports answer without it",
  async () => {
    const one = node.startTask("nginx");
    node.startHandover();
    await node.until(() => answersAt(node.address), "the task has the ports");
    node.killHandover();
    const next = node.startTask("nginx");
    node.stop(one);
    expect(answersAt(node.address)).toBe(true);
    node.startHandover();
    await one.ended;
    expect(node.directed()).toBe(next.address);
  },
);

available("while Docker is silent the ports stay where they are; tasks of a Docker that stops are told", async () => {
  const one = node.startTask("nginx");
  node.startHandover();
  await node.until(() => node.directed() === one.address, "the task has the ports");
  node.docker.stop();
  await node.until(() => node.log.includes("Failed to connect"), "Docker is missed");
  expect(node.directed()).toBe(one.address);
  expect(answersAt(node.address)).toBe(true);
  node.dockerStops();
  await one.ended;
});

available("`end` takes the rules away, and ends the tasks that wait for it", async () => {
  const one = node.startTask("nginx");
  node.startHandover();
  await node.until(() => node.directed() === one.address, "the task has the ports");
  node.killHandover();
  await node.end();
  await one.ended;
  expect(node.inNode(["iptables-save"])).not.toContain("SWARM-FARM");
  expect(node.state("tasks", one.id)).toBeUndefined();
});
