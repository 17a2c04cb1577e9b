import { scripts } from "../../../infra/swarm/scripts";
import { runWithNode, type FakeNode } from "../../support/fake-node";
import { syntaxError } from "../../support/sh";

const drained = "docker node update --availability drain worker1";
const forgotten = "docker node rm --force worker1";
const busy = ["Running 2 minutes ago", "Shutdown 1 hour ago"];
const idle = ["Shutdown 2 seconds ago"];

test.each([
  ["pause", scripts("set-availability.sh", { NODE: "worker1", AVAILABILITY: "pause" })],
  ["drain", scripts("drain.sh", { NODE: "worker1" })],
  ["reactivate", scripts("activate.sh", { NODE: "worker1" })],
  ["remove", scripts("remove.sh", { NODE: "worker1" })],
])("the %s script is well-formed and ends at its first failure", (_, text) => {
  expect(syntaxError(text)).toBe("");
  expect(text).toContain("\nset -eu\n");
});

test.each(["pause", "active"] as const)("sets availability %s without waiting", (availability) => {
  expect(
    runWithNode(scripts("set-availability.sh", { NODE: "worker1", AVAILABILITY: availability }), {}).calls,
  ).toEqual([`docker node update --availability ${availability} worker1`]);
});

test.each([
  ["reactivated", scripts("activate.sh", { NODE: "worker1" })],
  ["removed", scripts("remove.sh", { NODE: "worker1" })],
])("a node that is no longer in the swarm is %s without an error", (_, text) => {
  expect(runWithNode(text)).toMatchObject({ status: 0, changes: [] });
});

test("drain waits until no task runs on the node and each runs elsewhere", () => {
  const node: FakeNode = {
    tasks: ["hello.2", "lamp-php.1"],
    turns: [
      { states: busy, services: ["hello 4/4", "lamp-php 2/2"] },
      { states: idle, services: ["hello 3/4", "lamp-php 2/2"] },
      { states: idle, services: ["hello 4/4", "lamp-php 1/2 (max 1 per node)"] },
      { states: idle, services: ["hello 4/4", "lamp-php 2/2 (max 1 per node)"] },
    ],
  };
  const { status, calls, changes } = runWithNode(scripts("drain.sh", { NODE: "worker1" }), node);
  expect([status, changes]).toEqual([0, [drained]]);
  expect(calls.filter((call) => call.startsWith("docker service ls"))).toHaveLength(4);
});

test("ignores services without a task on the node", () => {
  const node = { tasks: ["hello.2"], turns: [{ states: idle, services: ["hello-two 0/1", "hello 4/4", "web 0/3"] }] };
  expect(runWithNode(scripts("remove.sh", { NODE: "worker1" }), node)).toMatchObject({
    status: 0,
    changes: [drained, forgotten],
  });
});

test("removes a dead node without waiting for its tasks", () => {
  const node: FakeNode = { state: "down", tasks: ["hello.2"], turns: [{ states: busy, services: ["hello 3/4"] }] };
  const { status, changes, calls } = runWithNode(scripts("remove.sh", { NODE: "worker1" }), node);
  expect([status, changes]).toEqual([0, [drained, forgotten]]);
  expect(calls.filter((call) => call.startsWith("docker service ls"))).toEqual([]);
});

test("demotes a manager before it removes it", () => {
  const node: FakeNode = { role: "manager", managers: ["manager1 Leader", "worker1 Reachable", "manager3 Reachable"] };
  const { status, changes } = runWithNode(scripts("remove.sh", { NODE: "worker1" }), node);
  expect([status, changes]).toEqual([0, [drained, "docker node demote worker1", forgotten]]);
});

test.each([
  ["one of three is down", ["manager1 Leader", "worker1 Reachable", "manager3 Unreachable"], 2, 1],
  [
    "two of five are down",
    ["manager1 Leader", "worker1 Reachable", "manager3 Unreachable", "manager4 Unreachable", "manager5 Reachable"],
    4,
    2,
  ],
])("does not remove a manager while %s, and says why", (_, managers, left, alive) => {
  const { status, stderr, changes } = runWithNode(scripts("remove.sh", { NODE: "worker1" }), {
    role: "manager",
    managers,
  });
  expect([status, changes]).toEqual([1, []]);
  expect(stderr).toBe(
    `worker1 is not removed: ${String(alive)} of the ${String(left)} other managers answer, and the swarm would lose its quorum; bring the others back first (./farm up --refresh)\n`,
  );
});

test("removes a dead manager if the others have a quorum without it", () => {
  const managers = ["manager1 Leader", "worker1 Unreachable", "manager3 Reachable"];
  const { status, changes } = runWithNode(scripts("remove.sh", { NODE: "worker1" }), {
    role: "manager",
    state: "down",
    managers,
  });
  expect([status, changes]).toEqual([0, [drained, "docker node demote worker1", forgotten]]);
});
