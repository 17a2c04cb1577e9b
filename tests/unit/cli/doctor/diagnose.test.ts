import { planFarm } from "../../../../infra/net/plan";
import { parseConfig } from "../../../../stacks/config";
import { diagnose } from "../../../../cli/doctor/diagnose";
import { parseSwarm, type Facts, type NodeFact, type SwarmFacts } from "../../../../cli/doctor/facts";
import type { Known } from "../../../../cli/doctor/state";

const plan = planFarm(
  parseConfig({
    nodes: {
      manager1: { role: "manager" },
      worker1: { role: "worker", labels: { db: true }, storageDriver: "btrfs" },
      worker2: { role: "worker", availability: "drain" },
    },
  }),
  "dev",
);

const names = ["manager1", "worker1", "worker2"].flatMap((node) => [`${node}-domain`, `${node}-join`]);
const known: Known = {
  urns: new Map([...names, "worker1-label-db", "worker2-availability"].map((name) => [name, `urn::${name}`])),
  services: [
    { name: "hello", wait: "hello-converged", replicas: 3, image: "hello@sha256:1" },
    { name: "loadbalancer", wait: "loadbalancer-server-converged", image: "nginx@sha256:2" },
  ],
};

const node: NodeFact = { role: "worker", state: "ready", availability: "active", labels: {} };
const swarm: SwarmFacts = {
  nameless: [],
  nodes: new Map([
    ["manager1", { ...node, role: "manager" }],
    ["worker1", { ...node, labels: { db: "true", more: "by hand" } }],
    ["worker2", { ...node, availability: "drain" }],
  ]),
  services: new Map([
    ["hello", { replicas: 3, image: "hello@sha256:1" }],
    ["loadbalancer", { image: "nginx@sha256:2" }],
    ["another", { replicas: 1, image: "other:1" }],
  ]),
};
const well: Facts = {
  away: new Map(),
  domains: new Map(["manager1", "worker1", "worker2"].map((name) => [`dev.${name}`, "running"])),
  volumes: new Set([
    ...["manager1", "worker1", "worker2"].flatMap((name) => [`${name}.qcow2`, `${name}-seed.iso`]),
    "worker1-data.qcow2",
  ]),
  swarm,
};

const without = <T>(map: ReadonlyMap<string, T>, name: string) => new Map([...map].filter(([key]) => key !== name));
const withNode = (name: string, changes: Partial<NodeFact>): Facts => ({
  ...well,
  swarm: { ...swarm, nodes: new Map([...swarm.nodes, [name, { ...node, ...swarm.nodes.get(name), ...changes }]]) },
});
const withService = (name: string, image: string, replicas?: number): Facts => ({
  ...well,
  swarm: { ...swarm, services: new Map([...swarm.services, [name, { image, replicas }]]) },
});

test("reports nothing on a farm without drift, and ignores objects of others", () => {
  expect(diagnose(plan, known, well)).toEqual([]);
});

test.each<[string, Facts, object]>([
  [
    "a VM that is off",
    { ...well, domains: new Map([...well.domains, ["dev.worker1", "shut off"]]) },
    {
      what: "worker1: its domain is 'shut off', not 'running'",
      start: { uri: "qemu:///system", domain: "dev.worker1" },
    },
  ],
  [
    "a VM that libvirt does not know",
    { ...well, domains: without(well.domains, "dev.worker1") },
    { what: "worker1: libvirt on local has no such domain" },
  ],
  [
    "a disk that is gone under its VM",
    { ...well, volumes: new Set([...well.volumes].filter((name) => name !== "worker1-data.qcow2")) },
    { what: "worker1: its disk worker1-data.qcow2 is gone", replace: ["worker1-domain"] },
  ],
  [
    "a missing seed",
    { ...well, volumes: new Set([...well.volumes].filter((name) => name !== "worker2-seed.iso")) },
    { what: "worker2: its disk worker2-seed.iso is gone", replace: ["worker2-domain", "worker2-seed"] },
  ],
  [
    "a node that left",
    withNode("worker1", { state: "down" }),
    { what: "worker1: the swarm reports it as 'down', and its domain runs", replace: ["worker1-join"] },
  ],
  [
    "a node that was removed",
    { ...well, swarm: { ...swarm, nodes: without(swarm.nodes, "worker2") } },
    { what: "worker2: the swarm has no such node", replace: ["worker2-join"] },
  ],
  [
    "a label that was removed",
    withNode("worker1", { labels: {} }),
    { what: "worker1: its label db is gone", replace: ["worker1-label-db"] },
  ],
  [
    "a label with another value",
    withNode("worker1", { labels: { db: "no" } }),
    { what: "worker1: its label db is 'no', not 'true'", replace: ["worker1-label-db"] },
  ],
  [
    "a node that is active again",
    withNode("worker2", { availability: "active" }),
    { what: "worker2: its availability is 'active', not 'drain'", replace: ["worker2-availability"] },
  ],
  [
    "a node that was drained",
    withNode("worker1", { availability: "drain" }),
    {
      what: "worker1: its availability is 'drain', not 'active'",
      byHand: "./farm docker node update --availability active worker1",
    },
  ],
  [
    "a manager that was demoted",
    withNode("manager1", { role: "worker" }),
    { what: "manager1: its role is 'worker', not 'manager'", byHand: "./farm docker node promote manager1" },
  ],
  [
    "a missing service",
    { ...well, swarm: { ...swarm, services: without(swarm.services, "hello") } },
    { what: "service hello: is gone" },
  ],
  [
    "a service that was scaled",
    withService("hello", "hello@sha256:1", 5),
    { what: "service hello: has 5 replicas, not 3", replace: ["hello-converged"] },
  ],
  [
    "a service with another image",
    withService("loadbalancer", "nginx:1"),
    {
      what: "service loadbalancer: its image is nginx:1, not nginx@sha256:2",
      replace: ["loadbalancer-server-converged"],
    },
  ],
  [
    "a hypervisor that is away",
    { ...well, away: new Map([["local", "Connection refused"]]), domains: new Map(), volumes: new Set() },
    {
      what: "hypervisor 'local' does not answer: Connection refused; its nodes cannot be checked",
      byHand: "bring it back, or take it and its nodes out of the configuration",
    },
  ],
  [
    "a swarm that does not answer",
    { ...well, swarm: "The swarm does not have a leader." },
    { what: "the swarm does not answer: The swarm does not have a leader." },
  ],
])("reports %s, and how to repair it", (_, facts, finding) => {
  expect(diagnose(plan, known, facts)).toEqual([finding]);
});

test("does not miss resources that were never created", () => {
  const fewer: Known = { ...known, urns: without(known.urns, "worker2-domain") };
  const facts = { ...well, domains: without(well.domains, "dev.worker2"), volumes: new Set([...well.volumes]) };
  expect(diagnose(plan, fewer, facts)).toEqual([]);
});

test("reports a member without a name after an interrupted join, and keeps the others", () => {
  const member = (ID: string, Description: object) => ({
    ID,
    Spec: { Role: "manager", Availability: "active" },
    Description,
    Status: { State: "unknown" },
  });
  const nodes = JSON.stringify([member("cut-off", { Engine: {} }), member("whole", { Hostname: "manager1" })]);
  const { nodes: found, nameless } = parseSwarm(`${nodes}\n[]\n`);
  expect([...found.keys()]).toEqual(["manager1"]);
  expect(diagnose(plan, known, { ...well, swarm: { ...swarm, nameless } })).toEqual([
    {
      what: "the swarm has a member without a name, cut-off: its join was cut off",
      byHand: "./farm docker node demote cut-off; ./farm docker node rm --force cut-off",
    },
  ]);
});

test("of two nodes with the same name, the ready one counts", () => {
  const as = (state: string) => ({
    ID: state,
    Spec: { Role: "worker", Availability: "active" },
    Description: { Hostname: "worker1" },
    Status: { State: state },
  });
  const both = [as("ready"), as("down")];
  for (const nodes of [both, [...both].reverse()])
    expect(parseSwarm(`${JSON.stringify(nodes)}\n[]\n`).nodes.get("worker1")?.state).toBe("ready");
});
