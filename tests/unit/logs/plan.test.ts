import { logs } from "../../../stacks/logs/index";
import { Logs } from "../../../stacks/logs/schema";
import { withStacks } from "../../support/configs";
import { refusal } from "../../support/refusal";

const logsPlan = (config: object) => logs.plan?.(Logs.parse(config), undefined, undefined);

test("the store is scraped, has alerts and a route, and runs anywhere unless a node is named", () => {
  const plan = logsPlan({});
  expect(plan?.scrape).toEqual([
    { service: "logs-store", port: 9428 },
    { service: "logs-tasks", port: 9429 },
  ]);
  expect(plan?.targets).toEqual({ logs: { kind: "service", service: "logs-store", port: 9428 } });
  expect(plan?.alerts?.map(({ name }) => name)).toEqual(["LogsWait", "LogsNotTaken", "JournalsRefused"]);
  expect(plan?.placements).toEqual([]);
});

test("a node that does not exist, or has not the memory, is refused", () => {
  expect(refusal(withStacks({ logs: { node: "worker9" } }))).toEqual([expect.stringMatching(/^logs\.node: .*worker9/)]);
  expect(logsPlan({ node: "worker1", memoryMiB: 512 })?.placements).toEqual([
    {
      service: "logs-store",
      key: "logs.node",
      constraints: [{ constraint: "node.hostname == worker1", key: "logs.node" }],
      replicas: 1,
      reservations: { memoryMiB: 256 },
    },
  ]);
});

test.each([
  ["retentionDays", 0],
  ["diskMiB", 255],
  ["memoryMiB", 63],
  ["journal", true],
])("logs.%s: %s is refused", (key, value) => {
  expect(refusal(withStacks({ logs: { [key]: value } })).join()).toContain("logs");
});
