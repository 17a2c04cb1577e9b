import { parseConfig } from "../../../stacks/config";
import { anyRecipe } from "../../../infra/libvirt/domain";
import { poolCapacityProblems, type PoolFacts } from "../../../infra/libvirt/capacity";
import { planFarm } from "../../../infra/net/plan";
import { withNames } from "../../support/configs";

const mib = 1024 ** 2;
const image = [
  { volume: "guest-1.qcow2", bytes: 458 * mib },
  { volume: "guest-1.vmlinuz", bytes: 55 * mib },
];

function problems(freeMiB: number, volumes: readonly string[]): string[] {
  const plan = planFarm(parseConfig(withNames("manager1", "worker1")), "dev");
  const pool: PoolFacts = { freeBytes: freeMiB * mib, volumes: new Set(volumes) };
  const uploads = new Map(plan.nodes.map(({ name }) => [name, image]));
  return poolCapacityProblems(plan, new Map([["local", pool]]), uploads).map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

const messages = (free: number, nodes: string, required: number, images: number) => [
  `hosts.local: its pool swarm-farm-dev has ${String(free)} MiB free, and ${nodes} ${String(required)} MiB (images ${String(images)}, each new node 512); free space in /var/lib/libvirt/swarm-farm-dev there, or move nodes to another host`,
];

test("a new farm needs space for its image once, and for each node's disk to grow", () => {
  expect(problems(458 + 55 + 1024, [])).toEqual([]);
  expect(problems(458 + 55 + 1023, [])).toEqual(messages(1536, "manager1, worker1 take", 1537, 513));
});

test("an added node needs space for its own disk alone", () => {
  const there = ["guest-1.qcow2", "guest-1.vmlinuz", "manager1.qcow2"];
  expect(problems(512, there)).toEqual([]);
  expect(problems(0, there)).toEqual(messages(0, "worker1 takes", 512, 0));
});

test("a node that comes to a farm with an image of an earlier recipe is a layer over that image", () => {
  const plan = planFarm(parseConfig(withNames("manager1", "worker1")), "dev");
  const of = (key: string, volumes: readonly string[]) => {
    const upload = { volume: `guest-${key}.qcow2`, bytes: 458 * mib, unless: anyRecipe(key) };
    const pool: PoolFacts = { freeBytes: 512 * mib, volumes: new Set([...volumes, "manager1.qcow2"]) };
    return poolCapacityProblems(
      plan,
      new Map([["local", pool]]),
      new Map(plan.nodes.map(({ name }) => [name, [upload]])),
    ).length;
  };
  const [now, earlier] = ["fedcba9876543210", "0123456789abcdef"];
  expect(of(now, [`guest-${earlier}.qcow2`, `guest-${earlier}.vmlinuz`])).toBe(0);
  expect(of(`${now}-1.2`, [`guest-${earlier}-1.2.qcow2`, `guest-${earlier}-1.2.vmlinuz`])).toBe(0);
  // Of another version, or a cloud image, which has no kernel.
  expect(of(`${now}-1.2`, [`guest-${earlier}.vmlinuz`, `guest-${earlier}-1x2.vmlinuz`])).toBe(1);
  expect(of(now, [`guest-${earlier}.qcow2`])).toBe(1);
});

test("each host needs space for its own nodes and their images", () => {
  const hosts = {
    near: { uri: "qemu:///system", address: "192.0.2.1" },
    far: { uri: "qemu+ssh://root@far/system", address: "192.0.2.2", gateway: "10.77.0.2" },
  };
  const nodes = { manager1: { role: "manager", host: "near" }, worker1: { role: "worker", host: "far" } };
  const plan = planFarm(parseConfig({ hosts, nodes }), "dev");
  const free = (mebibytes: number): PoolFacts => ({ freeBytes: mebibytes * mib, volumes: new Set() });
  const uploads = new Map(plan.nodes.map(({ name }) => [name, image]));
  const pools = new Map([
    ["near", free(458 + 55 + 512)],
    ["far", free(458 + 55 + 511)],
  ]);
  expect(poolCapacityProblems(plan, pools, uploads).map(({ path }) => path)).toEqual(["hosts.far"]);
});

test("a full pool is no problem if nothing is created", () => {
  expect(problems(0, ["guest-1.qcow2", "guest-1.vmlinuz", "manager1.qcow2", "worker1.qcow2"])).toEqual([]);
});

test("a host without known capacity is not checked", () => {
  const plan = planFarm(parseConfig(withNames("manager1")), "dev");
  expect(poolCapacityProblems(plan, new Map(), new Map())).toEqual([]);
});
