import { smallest, withNames, withNode } from "../../support/configs";
import { refusal, type Mistake } from "../../support/refusal";

const local = { uri: "qemu:///system" };
const overlap = (cidr: string, taken: string) =>
  `network.cidr: '${cidr}' overlaps ${taken}, which Docker uses inside the nodes; choose another, e.g. 10.77.0.0/24`;
const majority = (count: number) =>
  `nodes: has ${count} managers; a swarm keeps its majority with 1, 3, 5 or 7: change some role`;

const mistakes: Mistake[] = [
  ["no manager", withNames("worker1"), majority(0)],
  ["two managers", withNames("manager1", "manager2"), majority(2)],
  ["nine managers", withNames(...Array.from({ length: 9 }, (_, i) => `manager${i + 1}`)), majority(9)],
  ["no nodes at all", { nodes: {} }, majority(0)],
  [
    "hello on ssh's port",
    smallest({ hello: { port: 22 } }),
    "hello.port: wants port 22, which is used by ssh on every node; choose another, e.g. 8080",
  ],
  ["no hosts", smallest({ hosts: {} }), "hosts: is empty; declare at least one, e.g. local: { uri: qemu:///system }"],
  [
    "an undeclared host",
    withNode({ host: "kvm9" }),
    "nodes.manager1.host: 'kvm9' is not declared under hosts; declared: 'local'",
  ],
  [
    "no host where there are two",
    smallest({ hosts: { a: local, b: local } }),
    "nodes.manager1.host: is missing and several hosts are declared; name one of 'a', 'b'",
  ],
  [
    "nodes on two hosts",
    {
      hosts: { a: local, b: local },
      nodes: { manager1: { role: "manager", host: "a" }, worker1: { role: "worker", host: "b" } },
    },
    "nodes: are on 2 hosts; put them on one: a network across hosts is not supported yet",
  ],
  [
    "the registry's manager drained",
    {
      nodes: {
        manager1: { role: "manager" },
        manager2: { role: "manager", availability: "drain" },
        manager3: { role: "manager" },
        ...(withNode({ availability: "drain" }).nodes as object),
      },
    },
    "nodes.manager1.availability: is 'drain'; the farm's registry runs on the first manager, which must be active: drain or pause others",
  ],
  [
    "a small network",
    smallest({ network: { cidr: "10.77.0.0/28" } }),
    "network.cidr: '10.77.0.0/28' is too small; use a /27 or larger",
  ],
  [
    "a network too large for unique MACs",
    smallest({ network: { cidr: "64.0.0.0/7" } }),
    "network.cidr: '64.0.0.0/7' is too large; use a /8 or smaller",
  ],
  ["Docker's overlay networks", smallest({ network: { cidr: "10.0.5.0/24" } }), overlap("10.0.5.0/24", "10.0.0.0/16")],
  ["Docker's bridge", smallest({ network: { cidr: "172.17.0.0/24" } }), overlap("172.17.0.0/24", "172.17.0.0/16")],
  ["Swarm's bridge", smallest({ network: { cidr: "172.18.0.0/16" } }), overlap("172.18.0.0/16", "172.18.0.0/16")],
  [
    "an address outside",
    withNode({ address: "10.78.0.5" }),
    "nodes.manager1.address: '10.78.0.5' is outside 10.77.0.0/24",
  ],
  [
    "the gateway's address",
    withNode({ address: "10.77.0.1" }),
    "nodes.manager1.address: '10.77.0.1' is the gateway's; use another",
  ],
  [
    "a name without a number",
    withNames("manager1", "db"),
    "nodes.db.address: cannot be computed from the name 'db' in this network; set it, or use a name such as worker1",
  ],
  [
    "two nodes of one number",
    withNames("manager1", "a1", "b1"),
    "nodes.b1.address: '10.77.0.21' is already that of 'a1'; set another address",
  ],
];

test.each(mistakes)("%s: refused", (_, raw, problem) => {
  expect(refusal(raw)).toEqual([problem]);
});

test("broken rules are told together, whatever they are about", () => {
  const raw = { ...withNames("worker1", "db"), network: { cidr: "10.0.0.0/24" } };
  expect(refusal(raw).map((line) => line.split(":")[0])).toEqual(["nodes", "network.cidr", "nodes.db.address"]);
});
