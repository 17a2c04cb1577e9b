import { StuckTasks, taskHealthOf } from "../../../../cli/convergence/stuck-tasks";
import type { SwarmFacts, TaskFact } from "../../../../cli/convergence/swarm";
import { FakeFarm } from "../../../support/fake-farm";

const unseen = () => 0;
let now = 0;

function swarm(changes: Partial<TaskFact> = {}, own = true): SwarmFacts {
  const task: TaskFact = {
    id: "t1",
    name: "hello.1 on worker1",
    node: "worker1",
    state: "starting",
    seconds: 91,
    error: "",
    ...changes,
  };
  return {
    nodes: new Map(),
    heartbeatSeconds: 5,
    jobs: [],
    services: [{ name: "hello", own, desired: 1, healthChecked: true, tasks: [task] }],
  };
}

/** Looks at a swarm at some times, in seconds; which restarts were asked for, and the lines. */
async function looks(facts: SwarmFacts, health: string, times: readonly number[], seen = unseen) {
  const requested: string[] = [];
  const tasks = new StuckTasks(
    (node, task, restart) => Promise.resolve((requested.push(`${node} ${task} ${String(restart)}`), health)),
    () => now,
  );
  const lines: string[] = [];
  for (const time of times) {
    now = time * 1000;
    lines.push(...(await tasks.restart(facts, seen)));
  }
  return { requested, lines };
}

test("restarts a task once that has been healthy to Docker for 10 s while Swarm reports it as starting", async () => {
  const { requested, lines } = await looks(swarm(), "healthy", [0, 5, 10, 20]);
  expect(requested).toEqual(["worker1 t1 false", "worker1 t1 false", "worker1 t1 true"]);
  expect(lines).toEqual([
    expect.stringMatching(/^service hello: its task on worker1 is restarted, since Docker .* healthy .* 90 s$/),
  ]);
});

test.each<[string, SwarmFacts]>([
  ["runs", swarm({ state: "running" })],
  ["starts for a short time", swarm({ seconds: 90 })],
  ["belongs to another program", swarm({}, false)],
])("does not restart a task that %s", async (_, facts) => {
  expect((await looks(facts, "healthy", [0, 10, 20])).requested).toEqual([]);
});

test("does not restart an unhealthy container, nor a task without a node", async () => {
  expect((await looks(swarm(), "starting", [0, 10, 20])).lines).toEqual([]);
  const { node: _, ...task } = swarm().services[0]?.tasks[0] ?? { id: "", name: "", state: "", seconds: 0, error: "" };
  const facts = {
    ...swarm(),
    services: [{ name: "hello", own: true, desired: 1, healthChecked: true, tasks: [task] }],
  };
  expect((await looks(facts, "healthy", [0, 20])).requested).toEqual([]);
});

test("uses the times of this run if a node's clock is ahead", async () => {
  expect((await looks(swarm({ seconds: -500 }), "healthy", [0], () => 95)).requested).toHaveLength(1);
});

/** The script on a node whose Docker has one container with this health. */
async function onNode(health: string, restart: boolean) {
  const farm = new FakeFarm();
  try {
    farm.programs({
      ssh: 'for last; do :; done; sh -c "$last"',
      docker: `case "$1" in ps) echo abc ;; inspect) echo "${health}" ;; esac`,
    });
    const answer = await taskHealthOf(farm.context())("worker1", "t1", restart);
    return { answer, docker: farm.calls.filter((call) => call.startsWith("docker")) };
  } finally {
    farm.remove();
  }
}

test("the node finds a container by its task's label, and kills it only on request and if it is healthy", async () => {
  const { answer, docker } = await onNode("healthy", true);
  expect(answer).toBe("healthy");
  expect(docker[0]).toContain("label=com.docker.swarm.task.id=t1");
  expect(docker.at(-1)).toBe("docker kill abc");
  expect((await onNode("healthy", false)).docker).toHaveLength(2);
  expect((await onNode("starting", true)).docker).toHaveLength(2);
});
