import { Handover } from "../../stacks/loadbalancer/handover/handover";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

const ports = [{ published: 443, target: 8443 }];

function handover(...names: readonly string[]): Promise<Registered[]> {
  return record(() => {
    const swarm = swarmOf(withNames(...names));
    new Handover("loadbalancer-handover", { swarm, service: "loadbalancer", ports, healthPort: 8080 });
  });
}

let resources: Registered[];

beforeAll(async () => {
  resources = await handover("manager1", "worker1");
});

test("every node has one", () => {
  expect(listing(resources.filter(({ parent }) => parent === "loadbalancer-handover"))).toEqual([
    "loadbalancer-handover > manager1-handover: command:remote:Command",
    "loadbalancer-handover > worker1-handover: command:remote:Command",
  ]);
});

test("it is installed once the node's Docker answers, again on a recreated node, and deleted with the node", () => {
  const { inputs, dependsOn, deletedWith } = find(resources, "worker1-handover");
  expect(dependsOn).toContain("worker1-report");
  expect(deletedWith).toBe("worker1-domain");
  expect(inputs.triggers).toEqual(["worker1-domain-id"]);
  expect(inputs.create).toContain('PORTS="443:8443"');
  expect(inputs.delete).toContain("/usr/local/sbin/swarm-farm-handover end");
});

test("another node changes nothing for those that stay", async () => {
  const more = await handover("manager1", "worker1", "worker2");
  for (const name of ["manager1-handover", "worker1-handover"])
    expect(find(more, name).inputs).toEqual(find(resources, name).inputs);
});
