import { subjectsOf } from "../../../stacks/loadbalancer/subjects";
import { parseConfig } from "../../../stacks/config";
import { planFarm } from "../../../infra/net/plan";
import { withNames, type RawConfig } from "../../support/configs";

/** The subjects of a farm with these nodes. */
function subjects(loadbalancer: RawConfig, names: readonly string[], more: RawConfig = {}): string[] {
  const config = parseConfig({ ...withNames(...names), loadbalancer, ...more });
  if (!config.loadbalancer) throw new Error("there is no load balancer");
  return subjectsOf(config.loadbalancer, planFarm(config, "dev"));
}

test("without a grace the certificate is for host names, virtual addresses and the nodes' own, in this order", () => {
  expect(subjects({ vip: "10.77.0.250" }, ["manager1", "worker1"])).toEqual([
    ...["farm.localhost", "10.77.0.250", "10.77.0.11", "10.77.0.21", "127.0.0.1"],
  ]);
});

test("with a grace it is for all addresses beside them too, so that it stays the same for a node that comes or goes", () => {
  const two = subjects({ drainSeconds: 60 }, ["manager1", "worker1"]);
  expect(two).toEqual(expect.arrayContaining(["farm.localhost", "10.77.0.11", "10.77.0.21", "127.0.0.1"]));
  expect(subjects({ drainSeconds: 60 }, ["manager1", "worker1", "worker2", "worker3"])).toEqual(two);
  expect(subjects({ drainSeconds: 60 }, ["manager1"])).toEqual(two);
  // The farm.localhost, 127.0.0.1, and .1 to .31: the network's own address is none of a node.
  expect(two).toHaveLength(2 + 31);
  expect(two).not.toContain("10.77.0.0");
});

test("a node in another block adds that block", () => {
  const many = subjects({ drainSeconds: 60 }, ["manager1", "worker1", "worker20"]);
  expect(many).toContain("10.77.0.40");
  expect(many).toHaveLength(2 + 31 + 32);
});

test("no address is on it twice, and none of another network", () => {
  const small = subjects({ drainSeconds: 60, vip: "10.77.0.22" }, ["manager1"], {
    network: { cidr: "10.77.0.0/27" },
  });
  expect(new Set(small).size).toBe(small.length);
  expect(small).not.toContain("10.77.0.31");
  expect(small).not.toContain("10.77.0.32");
});
