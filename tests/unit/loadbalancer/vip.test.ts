import fc from "fast-check";
import { formatAddress, parseCidr, size } from "../../../infra/ipv4/cidr";
import { parseConfig } from "../../../stacks/config";
import { keepalivedConfig } from "../../../stacks/loadbalancer/vip/keepalived";
import { intervalSeconds, routerId } from "../../../stacks/loadbalancer/vip/plan";
import { addressWarnings } from "../../../stacks/loadbalancer/vip/rules";
import { withStacks, type RawConfig } from "../../support/configs";
import { refusal, type Mistake } from "../../support/refusal";

const withVip = (vip: unknown, more: RawConfig = {}) => withStacks({ loadbalancer: { vip }, ...more });
const large = { network: { cidr: "10.76.0.0/15" } };
const wrong = (address: string, why: string) => `loadbalancer.vip: '${address}' ${why}`;
const noAddress = (at: string, got: string) =>
  `loadbalancer.vip${at}: is ${got}; must be an IPv4 address such as 10.77.0.21`;

const mistakes: Mistake[] = [
  ["no address", withVip("front"), noAddress("", '"front"')],
  ["a network", withVip("10.77.0.0/24"), noAddress("", '"10.77.0.0/24"')],
  ["no address in a list", withVip(["10.77.0.250", "10.77.0.256"]), noAddress(".1", '"10.77.0.256"')],
  [
    "neither",
    withVip(7),
    "loadbalancer.vip: is 7; must be a free address of the farm's network, e.g. 10.77.0.250, or a list of 1 to 16",
  ],
  ["an empty list", withVip([]), "loadbalancer.vip: is []; must not be empty"],
  ["an address of another network", withVip("10.78.0.250"), wrong("10.78.0.250", "is outside 10.77.0.0/24")],
  ["the gateway", withVip("10.77.0.1"), wrong("10.77.0.1", "is the gateway of a host; use another")],
  [
    "the network itself",
    withVip("10.77.0.0"),
    wrong("10.77.0.0", "is the network's or broadcast address; use another"),
  ],
  [
    "the broadcast address",
    withVip("10.77.0.255"),
    wrong("10.77.0.255", "is the network's or broadcast address; use another"),
  ],
  [
    "a node's address",
    withVip(["10.77.0.250", "10.77.0.21"]),
    wrong("10.77.0.21", "is the address of node 'worker1'; use one that no node gets by its name"),
  ],
  [
    "one address twice",
    withVip(["10.77.0.250", "10.77.0.250"]),
    wrong("10.77.0.250", "is listed twice; remove one of them"),
  ],
  [
    "two addresses that VRRP cannot tell apart",
    withVip(["10.77.0.1", "10.77.1.0"], large),
    wrong(
      "10.77.1.0",
      "has the virtual router id 3, as '10.77.0.1' has; use another, which is no multiple of 255 away",
    ),
  ],
];

test.each(mistakes)("%s is refused", (_, raw, problem) => {
  expect(refusal(raw)).toEqual([problem]);
});

test("the gateways of all hosts are refused, and a refused network has no further messages", () => {
  const host = (address: string, gateway: string) => ({ uri: "qemu+ssh://root@h/system", address, gateway });
  const hosts = { one: host("192.0.2.1", "10.77.0.1"), two: host("192.0.2.2", "10.77.0.2") };
  const nodes = {
    manager1: { role: "manager", host: "one" },
    worker1: { role: "worker", host: "two", labels: { db: true } },
  };
  expect(refusal(withVip("10.77.0.2", { hosts, nodes }))).toEqual([
    wrong("10.77.0.2", "is the gateway of a host; use another"),
  ]);
  expect(refusal(withVip("10.77.0.250", { hosts, nodes }))).toEqual([]);
  expect(refusal(withVip("10.77.0.250", { network: { cidr: "10.77.0.0/30" } })).join("\n")).toContain("is too small");
});

test("one address and a list of it are one configuration, and without the key there is none", () => {
  const vip = (raw: RawConfig) => parseConfig(raw).loadbalancer?.vip;
  expect(vip(withVip("10.77.0.250"))).toEqual(["10.77.0.250"]);
  expect(vip(withVip(["10.77.0.250", "10.77.0.251"]))).toEqual(["10.77.0.250", "10.77.0.251"]);
  expect(vip(withStacks())).toBeUndefined();
});

test("addresses that only one node can hold are worth a warning, in which nodes that are drained or paused do not count", () => {
  const node = (name: string, availability = "active") => ({ name, availability });
  const advice = "and no other can take its addresses; add a node, or make one active";
  expect(addressWarnings([node("manager1"), node("worker1")])).toEqual([]);
  expect(addressWarnings([node("manager1"), node("worker1", "drain")])).toEqual([
    `loadbalancer.vip: 'manager1' is the only active node, ${advice}`,
  ]);
  expect(addressWarnings([node("worker1", "pause")])).toEqual([`loadbalancer.vip: no node is active, ${advice}`]);
});

const farm = { cidr: "10.77.0.0/24", healthPort: 80 };

test("the configuration of two addresses is this, on every node", () => {
  expect(keepalivedConfig({ ...farm, addresses: ["10.77.0.250", "10.77.0.9"], intervalSeconds: 1 })).toBe(
    `global_defs {
  script_user root
  enable_script_security
  vrrp_version 3
}
include /run/node.conf
vrrp_script balancer {
  script "/usr/local/sbin/check-balancer 3 $INTERFACE $NODE 80 10.77.0.250 10.77.0.9"
  interval 1
  timeout 1
  rise 2
  fall 2
  init_fail
}
${instance("10.77.0.250", 251, "$PRIORITY_10_77_0_250")}${instance("10.77.0.9", 10, "$PRIORITY_10_77_0_9")}`,
  );
});

function instance(address: string, id: number, priority: string): string {
  return `vrrp_instance ${address} {
  interface $INTERFACE
  state BACKUP
  nopreempt
  timer_expired_backup 254
  virtual_router_id ${String(id)}
  priority ${priority}
  advert_int 1
  garp_master_delay 1
  garp_master_refresh 10
  virtual_ipaddress {
    ${address}/32
  }
  track_script {
    balancer
  }
  notify_master "/usr/local/sbin/hold-addresses 3 $INTERFACE ${address}"
}
`;
}

test("emulated nodes have three times the time for everything", () => {
  expect(["kvm", "qemu", undefined].map(intervalSeconds)).toEqual([1, 3, 3]);
  const text = keepalivedConfig({ ...farm, addresses: ["10.77.0.250"], intervalSeconds: 3 });
  expect(text.match(/interval .*|timeout .*|advert_int .*|(?:check-balancer|hold-addresses) \d+/g)).toEqual([
    "check-balancer 9",
    "interval 3",
    "timeout 3",
    "advert_int 3",
    "hold-addresses 9",
  ]);
});

/** Networks that a farm can have, and addresses of each that differ. */
const addressed = fc
  .record({
    cidr: fc.constantFrom("10.77.0.0/24", "10.77.0.0/27", "10.76.0.0/15", "192.168.4.0/22"),
    offsets: fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 16 }),
  })
  .map(({ cidr, offsets }) => {
    const network = parseCidr(cidr) ?? { base: 0, prefix: 32 };
    const inside = new Set(offsets.map((offset) => formatAddress(network.base + 1 + (offset % (size(network) - 2)))));
    return { cidr, addresses: [...inside] };
  });

test("a router id is from 1 to 255, and follows from the address alone: another address changes no other's instance", () => {
  const instances = (cidr: string, addresses: readonly string[]) =>
    keepalivedConfig({ ...farm, cidr, addresses, intervalSeconds: 1 })
      .split(/^(?=vrrp_instance)/m)
      .slice(1);
  fc.assert(
    fc.property(addressed, ({ cidr, addresses }) => {
      for (const id of addresses.map((address) => routerId(cidr, address))) {
        expect(id).toBeGreaterThanOrEqual(1);
        expect(id).toBeLessThanOrEqual(255);
      }
      const [first = "", ...others] = addresses;
      expect(instances(cidr, [first, ...others]).slice(1)).toEqual(instances(cidr, others));
    }),
  );
});

test("addresses of a list are refused exactly when two have one router id", () => {
  fc.assert(
    fc.property(addressed, ({ cidr, addresses }) => {
      const free = addresses.filter((address) => !/\.(1|11|21)$/.test(address));
      fc.pre(free.length > 0);
      const ids = new Set(free.map((address) => routerId(cidr, address)));
      expect(refusal(withVip(free, { network: { cidr } }))).toHaveLength(free.length - ids.size);
    }),
  );
});

test.each([
  ["outside of its network", "10.77.0.0/24", "10.78.0.1"],
  ["no address", "10.77.0.0/24", "x"],
  ["of no network", "x", "10.77.0.1"],
])("an address that is %s has no router id: the configuration is checked before", (_, cidr, address) => {
  expect(() => routerId(cidr, address)).toThrow(`unchecked virtual address '${address}' of the network '${cidr}'`);
});
