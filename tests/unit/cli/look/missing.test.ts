import { parseConfig } from "../../../../stacks/config";
import { planFarm } from "../../../../infra/net/plan";
import type { Known } from "../../../../cli/doctor/state";
import type { SwarmFacts } from "../../../../cli/convergence/swarm";
import { parseList, type DomainStates } from "../../../../cli/hypervisor/domains";
import { lostNodes, lostServices, vmFindings } from "../../../../cli/look/missing";
import { withNames } from "../../../support/configs";

const plan = planFarm(parseConfig(withNames("manager1", "worker1", "worker2")), "dev");
const host = plan.nodes[0]?.host ?? "";
const made = (...names: readonly string[]): Known => ({
  urns: new Map(names.flatMap((name) => [`${name}-domain`, `${name}-join`]).map((name) => [name, `urn::${name}`])),
  services: [{ name: "hello", wait: "hello-converged", image: "hello" }],
});
const all = made("manager1", "worker1", "worker2");

function findings(domains: DomainStates, known = all) {
  return vmFindings(plan, known, new Map([[host, domains]]));
}

test("parses the list of virsh, with states of two words", () => {
  const list = " 1     dev.manager1   running\n -     dev.worker1    shut off\n 3     dev.worker2    in shutdown\n\n";
  expect([...parseList(list)]).toEqual([
    ["dev.manager1", "running"],
    ["dev.worker1", "shut off"],
    ["dev.worker2", "in shutdown"],
  ]);
});

test("finds VMs of the farm that are off or paused, and ignores other VMs", () => {
  const { off, missing } = findings(
    new Map([
      ["dev.manager1", "shut off"],
      ["dev.worker1", "paused"],
      ["dev.worker2", "running"],
      ["other.worker3", "shut off"],
    ]),
  );
  expect(off.map(({ node, domain, state }) => [node, domain, state])).toEqual([
    ["manager1", "dev.manager1", "shut off"],
    ["worker1", "dev.worker1", "paused"],
  ]);
  expect(missing).toEqual([]);
});

test("a VM that libvirt does not know is missing, unless it is still to be created", () => {
  const there = new Map([["dev.manager1", "running"]]);
  expect(findings(there).missing).toEqual([
    `worker1: libvirt on ${host} does not know its VM`,
    `worker2: libvirt on ${host} does not know its VM`,
  ]);
  expect(findings(there, made("manager1")).missing).toEqual([]);
});

test("no VM counts as missing on a hypervisor that does not answer", () => {
  expect(findings("Connection refused")).toEqual({
    away: [`hypervisor '${host}' does not answer: Connection refused`],
    alive: [],
    missing: [],
    off: [],
  });
});

test("nodes that the swarm lost and missing services are reported", () => {
  const swarm: SwarmFacts = {
    heartbeatSeconds: 5,
    nodes: new Map([
      ["manager1", { state: "ready", availability: "active" }],
      ["worker1", { state: "down", availability: "active" }],
    ]),
    services: [],
    jobs: [],
  };
  expect(lostNodes(plan.nodes, all, swarm).map(({ what }) => what)).toEqual([
    "worker1: the swarm reports it as 'down'",
    "worker2: the swarm has no such node",
  ]);
  expect(lostServices(all, swarm)).toEqual(["service hello: is gone"]);
  expect(lostServices(all, { ...swarm, jobs: ["hello"] })).toEqual([]);
  expect(lostNodes(plan.nodes, made("manager1"), swarm)).toEqual([]);
});
