import { ConfigError } from "../../../infra/config/problem";
import { farmPlan, type FarmDescription } from "../../../infra/net/farm-plan";
import { planFarm } from "../../../infra/net/plan";
import { parseConfig } from "../../../stacks/config";

const nodes = { manager1: { role: "manager" }, worker1: { role: "worker", memoryMiB: 2048 } } as const;

const problemsOf = (description: FarmDescription, name = "shop") => {
  try {
    farmPlan(name, description);
  } catch (error) {
    return error instanceof ConfigError ? error.problems.map(({ path }) => path) : [String(error)];
  }
  return [];
};

test("a description has the configuration's own defaults", () => {
  expect(farmPlan("dev", { nodes })).toEqual(planFarm(parseConfig({ nodes }), "dev"));
});

test("the name and the addresses are the program's", () => {
  const plan = farmPlan("shop-dev", { nodes, network: { cidr: "10.90.0.0/24" } });
  expect([plan.farm, plan.nodes.map(({ address }) => address)]).toEqual(["shop-dev", ["10.90.0.11", "10.90.0.21"]]);
});

test("every problem is reported at once, before anything is made", () => {
  expect(problemsOf({ nodes: { manager1: { role: "manager", vcpu: 0 }, "Worker 1": { role: "worker" } } })).toEqual([
    "nodes.manager1.vcpu",
    "nodes.Worker 1",
  ]);
  expect(problemsOf({ nodes: { worker1: { role: "worker" } } })).toEqual(["nodes"]);
});

test.each(["Shop", "", "a.b", "a/b", "-x", "x".repeat(41)])("the name '%s' names no pool and no domain", (name) => {
  expect(problemsOf({ nodes }, name)).toEqual(["(farm)"]);
  expect(() => farmPlan(name, { nodes })).toThrow(`(farm): is '${name}'; must `);
});

test("keys of this project's stacks are none of a plan's", () => {
  const more: object = { nodes, hello: {} };
  expect(problemsOf(more as FarmDescription)).toEqual(["hello"]);
});
