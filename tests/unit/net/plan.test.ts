import fc from "fast-check";
import { ConfigError } from "../../../infra/config/problem";
import { parseConfig } from "../../../infra/config/parse";
import { contains, parseAddress, parseCidr } from "../../../infra/net/cidr";
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
    network: { cidr: "10.77.0.0/24", prefix: 24, gateway: "10.77.0.1" },
    hosts: { local: { uri: "qemu:///system", virtualization: "auto" } },
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
        labels: { db: "true" },
        availability: "active",
      },
    ],
  });
});

test("a host without nodes is not planned", () => {
  const hosts = { kvm1: { uri: "qemu+ssh://root@kvm1/system" }, kvm2: { uri: "qemu+ssh://root@kvm2/system" } };
  const nodes = { manager1: { role: "manager", host: "kvm2" } };
  expect(Object.keys(plan(smallest({ hosts, nodes })).hosts)).toEqual(["kvm2"]);
});

test("a configuration that nobody checked is refused", () => {
  const config = { ...parseConfig(smallest()), network: { cidr: "10.77.0.0" } };
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
          expect(node.address).not.toBe(network.gateway);
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
