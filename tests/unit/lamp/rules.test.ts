import { withStacks, type RawConfig } from "../../support/configs";
import { refusal, type Mistake } from "../../support/refusal";

/** A manager, and a worker for each value of the label `db`. */
const labelled = (...labels: readonly unknown[]) => ({
  manager1: { role: "manager" },
  ...Object.fromEntries(
    labels.map((db, i) => [`worker${i + 1}`, { role: "worker", labels: db === undefined ? {} : { db } }]),
  ),
});
const managerWithData = {
  manager1: { role: "manager", labels: { db: "true" } },
  worker1: { role: "worker" },
};
const noData = (count: number) =>
  `lamp.mysql: needs one node with the label db: "true", where its data lies; ${count} have it: set labels: { db: "true" } on one`;
const noWorker = "lamp.php: runs on workers, and none is active; add a node with role: worker, or make one active";

const mistakes: Mistake[] = [
  ["no node has the label for the data", withStacks({ nodes: labelled(undefined) }), noData(0)],
  ["the label for the data has another value", withStacks({ nodes: labelled("yes") }), noData(0)],
  ["two nodes have the label for the data", withStacks({ nodes: labelled(true, "true") }), noData(2)],
  [
    "no node is a worker, for php",
    withStacks({ nodes: { manager1: { role: "manager", labels: { db: "true" } } } }),
    noWorker,
  ],
  [
    "every worker is paused",
    withStacks({ nodes: { ...managerWithData, worker1: { role: "worker", availability: "pause" } } }),
    noWorker,
  ],
  [
    "the node with the data is drained",
    withStacks({
      nodes: { ...labelled(undefined), worker2: { role: "worker", labels: { db: true }, availability: "drain" } },
    }),
    'lamp.mysql: cannot leave the node with the label db: "true", where its data lies, and that node is not active',
  ],
];

test.each(mistakes)("lamp is refused where %s", (_, raw, problem) => {
  expect(refusal(raw)).toEqual([problem]);
});

test.each<[string, RawConfig]>([
  ["the data may lie on a manager", withStacks({ nodes: managerWithData })],
  ["a farm without lamp needs no node for its data", { ...withStacks({ nodes: labelled() }), lamp: undefined }],
])("%s", (_, raw) => {
  expect(refusal(JSON.parse(JSON.stringify(raw)))).toEqual([]);
});
