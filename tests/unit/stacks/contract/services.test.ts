import { parseConfig } from "../../../../stacks/config";
import { withStacks } from "../../../support/configs";
import { refusal, type Mistake } from "../../../support/refusal";

const policy = { min: 2, max: 6, metric: "cpu", target: 0.5 };
const php = (changes: object, more: object = { steward: {} }) =>
  withStacks({ lamp: { php: { autoscale: { ...policy, ...changes } } }, ...more });

const mistakes: Mistake[] = [
  [
    "bounds the wrong way round",
    php({ min: 7 }),
    "lamp.php.autoscale.min: is 7, more than max 6; lower min or raise max",
  ],
  [
    "a policy that nobody follows",
    php({}, {}),
    "lamp.php.autoscale: is followed by the steward, which is not deployed; add steward: {}",
  ],
  [
    "requests that nobody counts",
    { ...php({ metric: "requests" }), loadbalancer: undefined },
    "lamp.php.autoscale.metric: is 'requests', which the load balancer counts; add loadbalancer: {}, or use cpu",
  ],
  [
    "a service with one task on every node",
    withStacks({ hello: { replicas: "global", autoscale: policy }, steward: {} }),
    "hello.autoscale: cannot scale a global service; set replicas to a number",
  ],
  [
    "a metric that does not exist",
    php({ metric: "memory" }),
    `lamp.php.autoscale.metric: is "memory"; must be one of 'cpu', 'requests'`,
  ],
  [
    "memory for a task that no node has",
    withStacks({ hello: { reservations: { memoryMiB: 9000 } } }),
    "hello.reservations.memoryMiB: is 9000, more than any node has (manager1: memoryMiB 1024); lower it, or give a node more",
  ],
  [
    "more CPUs for a task than any node has",
    withStacks({ lamp: { php: { reservations: { cpus: 8 } } } }),
    "lamp.php.reservations.cpus: is 8, more than any node has (manager1: vcpu 1); lower it, or give a node more",
  ],
  [
    "a reservation of something else",
    withStacks({ lamp: { nginx: { reservations: { memory: 64 } } } }),
    "lamp.nginx.reservations.memory: is no known key; the nearest is 'memoryMiB'; see docs/configuration.md",
  ],
  ["no tasks at the least", php({ min: 0 }), "lamp.php.autoscale.min: is 0; must be at least 1"],
  ["a target of nothing", php({ target: 0 }), "lamp.php.autoscale.target: is 0; must be at least 0.001"],
];

test.each(mistakes)("%s: refused", (_, raw, problem) => {
  expect(refusal(raw)).toEqual([problem]);
});

test("a policy has its cooldowns, and services are scaled and moved by a steward with defaults", () => {
  const config = parseConfig(php({}));
  expect(config.lamp?.php.autoscale).toEqual({ ...policy, upCooldownSeconds: 30, downCooldownSeconds: 180 });
  expect(config.steward).toEqual({ rebalance: true, stabilizationSeconds: 60 });
});
