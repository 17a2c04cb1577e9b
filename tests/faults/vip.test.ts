import { setTimeout as pause } from "node:timers/promises";
import { changedResources, containerOf, run, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";
import { Watch } from "./vip/watch";

const minute = 60_000;
jest.setTimeout(30 * minute);

const address = "10.77.0.250";
const url = `https://${address}/`;
const names = ["manager1", "worker1", "worker2"];

/** VRRP's longest time on emulated nodes is 10 s (three intervals of 3 s and a part of one); the rest is for nodes that are busy. */
const bound = 30;

/** A farm that exists gets an address that survives a node; then its holder fails in every way. */
describe("a farm with an address of its own", () => {
  const farm = new TestFarm("test-vip");

  const configure = (loadbalancer: object, more: Record<string, Record<string, unknown>> = {}) => {
    const nodes = Object.fromEntries(
      names.map((name) => [name, { role: name.startsWith("m") ? "manager" : "worker", ...more[name] }]),
    );
    const routes = { hello: { path: "/" } };
    // A route leads to hello, so that it publishes no port.
    farm.configureAs({ ...smallConfig(nodes), hello: { replicas: 3 }, loadbalancer: { routes, ...loadbalancer } });
  };
  const on = async (node: string, command: string) => (await farm.ok(["ssh", node, command])).stdout.trim();
  const holders = async (nodes: readonly string[] = names) => {
    const have = await Promise.all(nodes.map((node) => on(node, `ip -4 -o address show to ${address}`)));
    return nodes.filter((_, i) => have[i] !== "");
  };
  const holder = (nodes: readonly string[] = names) =>
    until("one node to have the address", async () => {
      const [only = "", ...others] = await holders(nodes);
      return only !== "" && others.length === 0 ? only : false;
    });

  let forwarded = "";
  const fromOutside = async () =>
    (await run("curl", ["-sS", "--max-time", "60", "--cacert", farm.authority, forwarded], farm.env, false)).stdout;

  /** An event on the node that has the address, under requests; another serves within the bound, and with retries none is lost. */
  async function handsOver(what: string, happens: (holder: string) => Promise<unknown>): Promise<string> {
    const before = await holder();
    const others = names.filter((name) => name !== before);
    const watch = Watch.start(farm, url);
    // The clients have begun.
    await pause(15_000);
    let after = "";
    try {
      await happens(before);
      after = await holder(others);
      await pause(10_000);
    } finally {
      const { sent, failures, lost, gapSeconds } = await watch.stop();
      process.stdout.write(
        `${what}: from ${before} to ${after}, served again after ${gapSeconds.toFixed(1)} s; without retries ${String(failures.length)} of ${String(sent)} requests lost, with retries ${String(lost)}\n`,
      );
      expect(sent).toBeGreaterThan(50);
      expect(lost).toBe(0);
      expect(gapSeconds).toBeLessThan(bound);
    }
    return before;
  }

  beforeAll(async () => {
    configure({});
    await farm.ok(["up"], { shown: true });
    await farm.trustAuthority();
  });

  afterAll(() => farm.end());

  test("the key is one update: a service, a certificate and a rolled load balancer, and no VM", async () => {
    configure({ vip: address });
    const { output } = await farm.ok(["up", "--yes"], { shown: true });
    const changed = changedResources(output);
    expect(changed).toEqual(
      expect.arrayContaining(["keepalived-push", "loadbalancer-certificate", "loadbalancer-vip-server-service"]),
    );
    // Its list of images in use is on the first manager.
    expect(changed.filter((name) => !/^(keepalived-push|loadbalancer-\S+|manager1-cleanup)$/.test(name))).toEqual([]);
    expect((await farm.ok(["outputs", "--json"])).stdout).toContain(`"${url}"`);
    expect(await farm.curl([url])).toContain("hello from ");
    // The page of an isolated farm has the address on this machine, which leads to the same.
    forwarded = /https:\/\/127\.0\.0\.1:\d+\//.exec(output)?.[0] ?? "";
    expect(await fromOutside()).toContain("hello from ");
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
  });

  test("keepalived has its three capabilities, and writes nowhere but in memory", async () => {
    const inspected = await on(
      "worker1",
      `docker inspect --format '{{.HostConfig.CapAdd}} {{.HostConfig.CapDrop}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.NetworkMode}}' ${containerOf("loadbalancer-vip")}`,
    );
    expect(inspected).toBe("[CAP_NET_ADMIN CAP_NET_RAW CAP_SETGID] [ALL] true host");
  });

  test("the balancer of the node is killed", async () => {
    await handsOver("docker kill of the balancer", (node) => on(node, `docker kill ${containerOf("loadbalancer")}`));
    await farm.ok(["up", "--yes"]);
  });

  test("the balancer of the node hangs", async () => {
    const node = await handsOver("docker pause of the balancer", (name) =>
      on(name, `docker pause ${containerOf("loadbalancer")}`),
    );
    await on(node, `docker unpause ${containerOf("loadbalancer")}`);
  });

  test("keepalived is killed, and is paused: the node loses the address, and no two have it after that", async () => {
    await handsOver("docker kill of keepalived", (node) => on(node, `docker kill ${containerOf("loadbalancer-vip")}`));
    const node = await handsOver("docker pause of keepalived", (name) =>
      on(name, `docker pause ${containerOf("loadbalancer-vip")}`),
    );
    expect(await holders([node])).toEqual([]);
    await on(node, `docker unpause ${containerOf("loadbalancer-vip")}`);
    await pause(15_000);
    expect(await holders()).toHaveLength(1);
  });

  test("the node is drained, and returns without the address", async () => {
    const node = await handsOver("drain", (name) => farm.docker("node", "update", "--availability", "drain", name));
    await farm.docker("node", "update", "--availability", "active", node);
    await until(
      "its balancer",
      async () => (await farm.runningTasks("loadbalancer", "{{.Node}}")).includes(node),
      5 * minute,
    );
    await pause(15_000);
    expect(await holder()).not.toBe(node);
  });

  test("the node hangs, and goes on", async () => {
    const node = await handsOver("virsh suspend", (name) => farm.virsh("suspend", `test-vip.${name}`));
    await farm.virsh("resume", `test-vip.${node}`);
    await pause(30_000);
    expect(await holders()).toHaveLength(1);
  });

  test("the node dies, and up brings it back", async () => {
    await handsOver("virsh destroy", (name) => farm.virsh("destroy", `test-vip.${name}`));
    expect(await fromOutside()).toContain("hello from ");
    await farm.ok(["up", "--yes"], { shown: true });
    expect(await holders()).toHaveLength(1);
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
  });

  test("without the key the address is gone, and the load balancer stays", async () => {
    configure({});
    await farm.ok(["up", "--yes"], { shown: true });
    expect(await holders()).toEqual([]);
    expect(await farm.curl(["https://10.77.0.11/"])).toContain("hello from ");
  });
});
