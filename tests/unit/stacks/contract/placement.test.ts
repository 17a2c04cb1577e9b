import fc from "fast-check";
import { placementProblems, type Placement } from "../../../../stacks/contract/placement";
import { parseConfig } from "../../../../stacks/config";

const { nodes } = parseConfig({
  network: { cidr: "10.77.0.0/24" },
  nodes: {
    manager1: { role: "manager", memoryMiB: 1024 },
    worker1: { role: "worker", memoryMiB: 1024, labels: { ssd: "true" } },
    worker2: { role: "worker", memoryMiB: 2048, labels: { zone: "b" } },
  },
});

const problemsOf = (placement: Partial<Omit<Placement, "constraints">>, ...constraints: readonly string[]) =>
  placementProblems(
    [
      {
        service: "shop_web",
        key: "compose.yaml:9",
        replicas: 1,
        ...placement,
        constraints: constraints.map((constraint, index) => ({
          constraint,
          key: `compose.yaml:${String(10 + index)}`,
        })),
      },
    ],
    nodes,
  ).map(({ path, message }) => `${path}: ${message}`);

test.each([
  "node.role == worker",
  "node.role==Worker",
  "NODE.ROLE != manager",
  "node.labels.ssd == TRUE",
  "node.Labels.ssd==true",
  "node.labels.gone != true",
  "node.hostname == worker2",
  // Only a node that runs knows these.
  "node.id == abc",
  "node.platform.os == linux",
  "engine.labels.operatingsystem == ubuntu",
])("'%s' holds on a node", (constraint) => {
  expect(problemsOf({}, constraint)).toEqual([]);
});

test.each([
  [
    "node.labels.disk == fast",
    `'node.labels.disk == fast' holds on no node; set nodes.NODE.labels.disk to "fast", or change the constraint`,
  ],
  [
    // Swarm compares a label's name with case.
    "node.labels.SSD == true",
    `'node.labels.SSD == true' holds on no node; set nodes.NODE.labels.SSD to "true", or change the constraint`,
  ],
  [
    "node.hostname == worker9",
    "'node.hostname == worker9' holds on no node; change it; nodes: manager1 (manager), worker1 (worker), worker2 (worker)",
  ],
])("'%s' is refused at its line", (constraint, message) => {
  expect(problemsOf({}, "node.role == worker", constraint)).toEqual([`compose.yaml:11: ${message}`]);
});

test("constraints that hold on different nodes only are refused", () => {
  expect(problemsOf({}, "node.labels.ssd == true", "node.labels.zone == b")).toEqual([
    "compose.yaml:9: 'shop_web' has no place: no node fulfils 'node.labels.ssd == true' and 'node.labels.zone == b'; change one of them, or a node's labels",
  ]);
});

test("more tasks than the nodes may run are refused", () => {
  const placement = { replicas: 5, maxReplicasPerNode: 2 };
  expect(problemsOf(placement)).toEqual([]);
  expect(problemsOf(placement, "node.role == worker")).toEqual([
    "compose.yaml:9: 'shop_web' has 5 tasks, and at most 2 may run on each of worker1, worker2: lower the replicas to 4, or add a node",
  ]);
  expect(problemsOf({ ...placement, replicas: "global" })).toEqual([]);
});

test("reservations that do not fit on the nodes are refused", () => {
  const workers = "node.role == worker";
  expect(problemsOf({ replicas: 3, reservations: { memoryMiB: 1024 } }, workers)).toEqual([]);
  expect(problemsOf({ replicas: 4, reservations: { memoryMiB: 1024 } }, workers)).toEqual([
    "compose.yaml:9: 'shop_web' reserves 1024 MiB for each of 4 tasks, and its nodes have room for 3 (memoryMiB: worker1 1024, worker2 2048); lower the reservation or the replicas, or give a node more",
  ]);
  expect(problemsOf({ replicas: "global", reservations: { memoryMiB: 1025 } }, workers)).toEqual([
    expect.stringContaining("reserves 1025 MiB for each of a task on each node"),
  ]);
});

const reserving = (service: string, memoryMiB: number, more: Partial<Placement> = {}): Placement => ({
  service,
  key: `${service}.yaml:3`,
  constraints: [],
  replicas: 1,
  reservations: { memoryMiB },
  ...more,
});
const on = (constraint: string) => ({ constraints: [{ constraint, key: "a:1" }] });

test("reservations of several stacks that do not fit together are refused, with the fewest nodes", () => {
  const worker1 = on("node.hostname == worker1");
  const every = { replicas: "global" } as const;
  expect(
    placementProblems([reserving("a", 600, worker1), reserving("b", 500), reserving("c", 424, every)], nodes),
  ).toEqual([]);
  expect(
    placementProblems([reserving("a", 600, worker1), reserving("b", 500), reserving("c", 425, every)], nodes),
  ).toEqual([
    {
      path: "a.yaml:3",
      message:
        "services that must run on worker1 together reserve 1025 MiB, and there are 1024 ('a' 600, 'c' 425); lower a reservation or the replicas, or give a node more",
    },
  ]);
  // A service that ends frees its reservation.
  expect(
    placementProblems([reserving("a", 600, worker1), reserving("b", 500, { ...worker1, ends: true })], nodes),
  ).toEqual([]);
});

test("services that fit in some arrangement of tasks are never refused", () => {
  const sizes = { manager1: 1024, worker1: 1024, worker2: 2048 } as const;
  const names = fc.constantFrom("manager1", "worker1", "worker2");
  const arranged = fc.record({ node: names, share: fc.integer({ min: 1, max: 4 }), pinned: fc.boolean() });
  fc.assert(
    fc.property(fc.array(arranged, { maxLength: 12 }), (all) => {
      const total = (node: string) => all.reduce((sum, each) => sum + (each.node === node ? each.share : 0), 0);
      const services = all.map(({ node, share, pinned }, index) =>
        reserving(
          `s${String(index)}`,
          Math.floor((sizes[node] * share) / total(node)),
          pinned ? on(`node.hostname == ${node}`) : {},
        ),
      );
      expect(placementProblems(services, nodes)).toEqual([]);
    }),
  );
});

test("a service without constraints or reservations can always be placed", () => {
  const replicas = fc.oneof(fc.nat(100), fc.constant<"global">("global"));
  fc.assert(fc.property(replicas, (count) => problemsOf({ replicas: count }).length === 0));
});

type NodeConfig = (typeof nodes)[string];
const [template] = Object.values(nodes);

/** How often the rules look at a node, with ten services for each, of three kinds of nodes. */
function looks(count: number): number {
  let seen = 0;
  if (template === undefined) throw new Error("the configuration has no node");
  const watch: ProxyHandler<NodeConfig> = {
    get: (node, key) => {
      seen += 1;
      return Reflect.get(node, key) as unknown;
    },
  };
  const watched = Object.fromEntries(
    Array.from({ length: count }, (_, at): [string, NodeConfig] => {
      const labels: Record<string, string> = at % 2 === 0 ? { ssd: "true" } : {};
      const node: NodeConfig = { ...template, role: at < 3 ? "manager" : "worker", memoryMiB: 4096, labels };
      return [`node${String(at)}`, new Proxy(node, watch)];
    }),
  );
  const constraints = [[], ["node.role == worker"], ["node.labels.ssd == true", "node.role == worker"]];
  const placements = Array.from({ length: 10 * count }, (_, at): Placement => {
    const own = (constraints[at % constraints.length] ?? []).map((constraint) => ({
      constraint,
      key: "compose.yaml:1",
    }));
    const reservations = { cpus: 0.01, memoryMiB: 16 };
    return { service: `s${String(at)}`, key: "compose.yaml:1", constraints: own, replicas: 2, reservations };
  });
  const global: Placement = {
    service: "all",
    key: "a",
    constraints: [],
    replicas: "global",
    reservations: { cpus: 0.1 },
  };
  expect(placementProblems([...placements, global], watched)).toEqual([]);
  return seen;
}

test("ten times the nodes and services take ten times the looks at nodes", () => {
  // Three nodes are managers in both, so that it is not exactly ten.
  expect(looks(200)).toBeLessThan(11 * looks(20));
});
