import fc from "fast-check";
import { ConfigError } from "../../../infra/config/problem";
import { parseConfig } from "../../../stacks/config";
import { contains, parseAddress, parseCidr } from "../../../infra/ipv4/cidr";
import { planFarm, type FarmPlan } from "../../../infra/net/plan";
import { plausibleConfig } from "../../support/arbitraries";
import { smallest, withNames } from "../../support/configs";

function plan(raw: unknown): FarmPlan {
  return planFarm(parseConfig(raw), "dev");
}

/** The plan of a configuration that is right; undefined of one that is refused. */
function planIfAccepted(raw: unknown): FarmPlan | undefined {
  try {
    return plan(raw);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

test("managers come first, and numbers count as numbers", () => {
  const names = plan(withNames("worker10", "worker2", "manager3", "manager1", "manager2")).nodes.map(
    ({ name }) => name,
  );
  expect(names).toEqual(["manager1", "manager2", "manager3", "worker2", "worker10"]);
});

test("a node has everything that follows from its configuration", () => {
  const raw = { nodes: { manager1: { role: "manager", vcpu: 2, memoryMiB: 2048, diskGiB: 20, labels: { db: true } } } };
  expect(plan(raw)).toEqual({
    farm: "dev",
    network: { cidr: "10.77.0.0/24", prefix: 24 },
    hosts: { local: { uri: "qemu:///system", virtualization: "auto", gateway: "10.77.0.1" } },
    nodes: [
      {
        name: "manager1",
        role: "manager",
        host: "local",
        address: "10.77.0.11",
        mac: "52:54:00:4d:00:0b",
        vcpu: 2,
        memoryMiB: 2048,
        diskGiB: 20,
        image: { kind: "farm" },
        storageDriver: "overlay2",
        labels: { db: "true" },
        availability: "active",
      },
    ],
    names: { manager1: "10.77.0.11", "registry.internal": "10.77.0.11" },
  });
});

test("a host without nodes is not planned", () => {
  const hosts = {
    kvm1: { uri: "qemu+ssh://root@kvm1/system" },
    kvm2: { uri: "qemu+ssh://root@kvm2/system", gateway: "10.77.0.2" },
  };
  const nodes = { manager1: { role: "manager", host: "kvm2" } };
  expect(Object.keys(plan(smallest({ hosts, nodes })).hosts)).toEqual(["kvm2"]);
});

describe("several hosts", () => {
  const hosts = Object.fromEntries(
    ["a", "b", "c"].map((name, i) => [
      name,
      {
        uri: `qemu+ssh://root@${name}/system`,
        address: `192.168.1.1${String(i)}`,
        gateway: `10.77.0.${String(i + 1)}`,
      },
    ]),
  );
  const on = (...names: readonly string[]) =>
    plan({
      hosts,
      nodes: Object.fromEntries(names.map((host, i) => [`manager${String(i + 1)}`, { role: "manager", host }])),
    });

  test("have a gateway each, and know each other's addresses", () => {
    const planned = on("a", "b", "c").hosts;
    expect(Object.values(planned).map(({ gateway }) => gateway)).toEqual(["10.77.0.1", "10.77.0.2", "10.77.0.3"]);
    expect(planned.b?.tunnel).toEqual({ address: "192.168.1.11", peers: ["192.168.1.10", "192.168.1.12"] });
  });

  test("keep their gateways when others are added or removed, wherever their names sort", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(names, fc.nat(), fc.nat(), (all, pick, keyless) => {
        const declared = all.map((name, i): [string, Record<string, string>] => [
          name,
          {
            uri: `qemu+ssh://root@${name}/system`,
            address: `192.168.1.${String(i + 10)}`,
            // Any one of them may leave it out.
            ...(i === keyless % all.length ? {} : { gateway: `10.77.0.${String(i + 200)}` }),
          },
        ]);
        const gateways = (some: typeof declared) => {
          const sorted = [...some].sort(([a], [b]) => (a < b ? -1 : 1));
          const nodes = sorted.map(([host], i) => [`worker${String(i + 1)}`, { role: "worker", host }]);
          const manager1 = { role: "manager", host: sorted[0]?.[0] };
          const { hosts: planned } = plan({
            hosts: Object.fromEntries(sorted),
            nodes: { manager1, ...Object.fromEntries(nodes) },
          });
          return Object.fromEntries(Object.entries(planned).map(([name, { gateway }]) => [name, gateway]));
        };
        const rest = declared.filter((_, i) => i !== pick % all.length);
        expect(gateways(declared)).toMatchObject(gateways(rest));
      }),
    );
  });

  test("that are emptied leave the others where they are", () => {
    const planned = on("a", "c", "c").hosts;
    expect(Object.keys(planned)).toEqual(["a", "c"]);
    expect(planned.c).toMatchObject({ gateway: "10.77.0.3", tunnel: { peers: ["192.168.1.10"] } });
    expect(on("c").hosts.c).not.toHaveProperty("tunnel");
  });
});

test("a node has the farm's image, or its own", () => {
  const image = { kind: "farm", version: "2026-11-20" };
  const nodes = {
    manager1: { role: "manager" },
    worker1: { role: "worker", image: { ...image, version: "2026-11-25" } },
  };
  expect(plan({ image, nodes }).nodes.map((node) => node.image)).toEqual([image, nodes.worker1.image]);
});

test("a configuration that nobody checked is refused", () => {
  const config = { ...parseConfig(smallest()), network: { cidr: "10.77.0.0", allowPublic: false, egress: true } };
  expect(() => planFarm(config, "dev")).toThrow("unchecked configuration: network.cidr '10.77.0.0'");
});

describe("every configuration that is accepted", () => {
  test("plans each node once, with a name, an address and a MAC of its own inside the network", () => {
    let accepted = 0;
    fc.assert(
      fc.property(plausibleConfig, (raw) => {
        const planned = planIfAccepted(raw);
        if (!planned) return;
        accepted += 1;
        const { nodes, network } = planned;
        for (const key of ["name", "address", "mac"] as const) {
          expect(new Set(nodes.map((node) => node[key])).size).toBe(nodes.length);
        }
        const cidr = parseCidr(network.cidr);
        for (const node of nodes) {
          const address = parseAddress(node.address);
          expect(cidr && address !== undefined && contains(cidr, address)).toBe(true);
          expect(Object.values(planned.hosts).map(({ gateway }) => gateway)).not.toContain(node.address);
          expect(node.mac).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
          expect(Object.keys(planned.hosts)).toContain(node.host);
        }
        expect(nodes[0]?.role).toBe("manager");
      }),
      { numRuns: 300 },
    );
    // Else the law was never put to the test.
    expect(accepted).toBeGreaterThan(30);
  });
});
