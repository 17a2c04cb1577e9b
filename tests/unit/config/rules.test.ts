import { smallest, withNames, withNode } from "../../support/configs";
import { refusal, type Mistake } from "../../support/refusal";

const local = { uri: "qemu:///system" };
const overlap = (cidr: string, range: string) =>
  `network.cidr: '${cidr}' overlaps ${range}, which Docker uses inside the nodes; choose another, e.g. 10.77.0.0/24`;
const quorum = (count: number) =>
  `nodes: has ${count} managers; a quorum needs 1, 3, 5 or 7: change the role of a node`;

/** The second of two hosts, the first of which is as it should be. */
function onTwoHosts(b: object) {
  return {
    hosts: { a: { ...local, address: "192.168.1.10" }, b: { ...local, gateway: "10.77.0.2", ...b } },
    nodes: { manager1: { role: "manager", host: "a" }, worker1: { role: "worker", host: "b" } },
  };
}

const mistakes: Mistake[] = [
  ["no manager", withNames("worker1"), quorum(0)],
  ["two managers", withNames("manager1", "manager2"), quorum(2)],
  ["nine managers", withNames(...Array.from({ length: 9 }, (_, i) => `manager${i + 1}`)), quorum(9)],
  ["no nodes at all", { nodes: {} }, quorum(0)],
  [
    "hello on ssh's port",
    smallest({ hello: { port: 22 } }),
    "hello.port: has port 22, which ssh on every node uses; choose another, e.g. 8080",
  ],
  ["no hosts", smallest({ hosts: {} }), "hosts: is empty; declare at least one, e.g. local: { uri: qemu:///system }"],
  [
    "an undeclared host",
    withNode({ host: "kvm9" }),
    "nodes.manager1.host: 'kvm9' is not declared under hosts; declared: 'local'",
  ],
  [
    "no host where there are two",
    smallest({ hosts: { a: local, b: { ...local, gateway: "10.77.0.2" } } }),
    "nodes.manager1.host: is missing and several hosts are declared; name one of 'a', 'b'",
  ],
  [
    "no way out on a host whose libvirt gives one",
    smallest({ network: { egress: false }, hosts: { far: { uri: "qemu+ssh://root@far/system" } } }),
    "network.egress: is false, but the libvirt of host 'far' gives its VMs a way out; remove the key, and filter on that host",
  ],
  [
    "a second host without an address",
    onTwoHosts({}),
    "hosts.b.address: is missing; nodes are on 2 hosts, which reach each other there: set it, e.g. 192.168.1.10",
  ],
  [
    "two hosts with one address",
    onTwoHosts({ address: "192.168.1.10" }),
    "hosts.b.address: '192.168.1.10' is already that of host 'a'; set its own",
  ],
  [
    "a host's address in the farm's network",
    onTwoHosts({ address: "10.77.0.9" }),
    "hosts.b.address: '10.77.0.9' is in the farm's own network 10.77.0.0/24; set the one that it has outside of it",
  ],
  [
    "a second host that is reached by TCP",
    onTwoHosts({ uri: "qemu+tcp://b/system", address: "192.168.1.11" }),
    "hosts.b.uri: 'qemu+tcp://b/system' reaches libvirt alone; to join several hosts use qemu+ssh://root@host/system",
  ],
  [
    "a second host without a gateway",
    onTwoHosts({ address: "192.168.1.11", gateway: undefined }),
    "hosts: 'a', 'b' have no gateway; one host may leave it out, and has 10.77.0.1: set gateway: to a free address of the network for each host that is new. A farm that ran on several hosts without this key keeps its nodes with a: 10.77.0.1, b: 10.77.0.2",
  ],
  [
    "two hosts with one gateway",
    onTwoHosts({ address: "192.168.1.11", gateway: "10.77.0.1" }),
    "hosts.b.gateway: '10.77.0.1' is already that of host 'a'; set its own",
  ],
  [
    "a gateway outside of the network",
    onTwoHosts({ address: "192.168.1.11", gateway: "10.78.0.2" }),
    "hosts.b.gateway: '10.78.0.2' is outside 10.77.0.0/24",
  ],
  [
    "a gateway that is the network's broadcast address",
    onTwoHosts({ address: "192.168.1.11", gateway: "10.77.0.255" }),
    "hosts.b.gateway: '10.77.0.255' is the network's or broadcast address; use another",
  ],
  [
    "a gateway that is a node's address",
    onTwoHosts({ address: "192.168.1.11", gateway: "10.77.0.11" }),
    "nodes.manager1.address: '10.77.0.11' is the gateway of a host; use another",
  ],
  [
    "too many hosts",
    {
      hosts: Object.fromEntries(
        Array.from({ length: 11 }, (_, i) => [`h${String(i)}`, { ...local, gateway: `10.77.0.${String(i + 1)}` }]),
      ),
      ...withNode({ host: "h1", address: "10.77.0.20" }),
    },
    "hosts: are 11; declare at most 10",
  ],
  [
    "btrfs on an image that is not the farm's",
    {
      ...withNode({ storageDriver: "btrfs" }),
      image: { kind: "cloud", source: "/images/a.qcow2", sha256: "0".repeat(64) },
    },
    "nodes.manager1.storageDriver: is 'btrfs', which needs the farm's own image (image: { kind: farm }); remove the line, or give the node that image",
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
    smallest({ network: { cidr: "64.0.0.0/7", allowPublic: true } }),
    "network.cidr: '64.0.0.0/7' is too large; use a /8 or smaller",
  ],
  [
    "loopback",
    smallest({ network: { cidr: "127.5.0.0/24", allowPublic: true } }),
    "network.cidr: '127.5.0.0/24' overlaps 127.0.0.0/8, which is loopback and cannot be a network's; use a private range, e.g. 10.77.0.0/24",
  ],
  [
    "a public network",
    smallest({ network: { cidr: "8.8.8.0/24" } }),
    "network.cidr: '8.8.8.0/24' is public: the nodes and this machine could not reach the hosts that have these addresses on the internet; use a private range, e.g. 10.77.0.0/24, or insist with network: { allowPublic: true }",
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
    "nodes.manager1.address: '10.77.0.1' is the gateway of a host; use another",
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

test("reports all broken rules at once, whatever they are about", () => {
  const raw = { ...withNames("worker1", "db"), network: { cidr: "10.0.0.0/24" } };
  expect(refusal(raw).map((line) => line.split(":")[0])).toEqual(["nodes", "network.cidr", "nodes.db.address"]);
});
