import fc from "fast-check";
import type { ServiceFact, SwarmFacts, TaskFact } from "../../../../cli/convergence/swarm";
import { convergenceOf } from "../../../../cli/convergence/converged";
import { routeProblems } from "../../../../cli/convergence/routes";

const heartbeatSeconds = 15;
const unseen = () => 0;

function task(changes: Partial<TaskFact> = {}): TaskFact {
  return { id: "t1", name: "hello.1 on worker1", state: "running", seconds: 60, error: "", ...changes };
}

function service(changes: Partial<ServiceFact> = {}): ServiceFact {
  return { name: "hello", own: true, desired: 1, healthChecked: false, tasks: [task()], ...changes };
}

function swarm(...services: readonly ServiceFact[]): SwarmFacts {
  return { nodes: new Map(), services, jobs: [], heartbeatSeconds };
}

test("up ends at the first check if every task has run for a heartbeat", () => {
  expect(convergenceOf(swarm(service(), service({ name: "lamp-php" })), unseen)).toEqual({ why: [], others: [] });
});

test("reports a service of another program that does not run, and does not wait for it", () => {
  const shop = service({ name: "shop", own: false, tasks: [] });
  expect(convergenceOf(swarm(service(), shop), unseen)).toEqual({
    why: [],
    others: ["service shop: 0 of 1 task runs"],
  });
});

test("a task in a restart loop never counts as stable, one that its node stopped after a day does", () => {
  const looping = task({ seconds: 9, failedAfter: 10 });
  const { why, inSeconds } = convergenceOf({ ...swarm(service({ tasks: [looping] })), heartbeatSeconds: 5 }, unseen);
  expect(why).toEqual([
    "task hello.1 on worker1 has run for 9 s of the 15 s that up waits for, since the one before it failed",
  ]);
  expect(inSeconds).toBe(6);
  const stopped = task({ seconds: 16, failedAfter: 86_400 });
  expect(convergenceOf(swarm(service({ tasks: [stopped] })), unseen).why).toEqual([]);
});

test.each<[what: string, service: ServiceFact, why: string]>([
  ["a task lacks", service({ desired: 2 }), "service hello: 1 of 2 tasks run"],
  [
    "a task is not healthy yet",
    service({ tasks: [task({ state: "starting" })] }),
    "service hello: 0 of 1 task runs (hello.1 on worker1 is 'starting')",
  ],
  [
    "a task is started after one that failed",
    service({ tasks: [task({ state: "starting", failedWith: "task: non-zero exit (1)" })] }),
    "service hello: 0 of 1 task runs (hello.1 on worker1 is 'starting', the one before it failed: task: non-zero exit (1))",
  ],
  [
    "a task has no place",
    service({ desired: 2, tasks: [task(), task({ name: "hello.2", state: "pending", error: "no suitable node" })] }),
    "service hello: 1 of 2 tasks run (hello.2 is 'pending', no suitable node)",
  ],
  ["an update is under way", service({ update: "updating" }), "service hello: its update is 'updating'"],
  ["an update has stopped", service({ update: "paused" }), "service hello: its update is 'paused'"],
])("a service is not converged while %s, however long", (_, lacking, why) => {
  expect(convergenceOf(swarm(service(), lacking), () => 1000)).toEqual({ why: [why], others: [] });
});

test("two of four load balancers that were just replaced are not stable before a heartbeat has passed", () => {
  const tasks = [60, 60, 4, 9].map((seconds, index) =>
    task({ id: `t${index}`, name: `loadbalancer on node${index}`, seconds }),
  );
  const { why, inSeconds } = convergenceOf(swarm(service({ desired: 4, tasks })), unseen);
  expect(why).toEqual([
    "task loadbalancer on node2 has run for 4 s of the 15 s that up waits for",
    "task loadbalancer on node3 has run for 9 s of the 15 s that up waits for",
  ]);
  expect(inSeconds).toBe(11);
});

test("a node whose clock is ahead delays convergence by one heartbeat at most", () => {
  const ahead = swarm(service({ tasks: [task({ seconds: -8e6 })] }));
  expect(convergenceOf(ahead, () => 3)).toMatchObject({ inSeconds: 12 });
  expect(convergenceOf(ahead, () => 15).why).toEqual([]);
});

test.each([
  [3, "task hello.1 on worker1 has run for 3 s of the 5 s that up waits for"],
  [5, undefined],
])("a healthy task that has run for %d s is waited for as docker's client does: %j", (seconds, why) => {
  const healthy = service({ healthChecked: true, tasks: [task({ seconds })] });
  expect(convergenceOf(swarm(healthy), unseen).why).toEqual(why === undefined ? [] : [why]);
});

test("a healthy task after one that failed early has to run for longer than that one", () => {
  const after = service({ healthChecked: true, tasks: [task({ seconds: 12, failedAfter: 10 })] });
  expect(convergenceOf(swarm(after), unseen).why).toEqual([
    "task hello.1 on worker1 has run for 12 s of the 15 s that up waits for, since the one before it failed",
  ]);
});

test("a farm is converged exactly if every service has all its tasks and each has run for long enough", () => {
  const anyTask = fc.record({
    id: fc.string(),
    name: fc.string(),
    state: fc.constantFrom("running", "running", "starting"),
    seconds: fc.integer({ min: -5, max: 40 }),
    error: fc.constant(""),
  });
  const anyService = fc.record({
    name: fc.string(),
    own: fc.constant(true),
    desired: fc.nat({ max: 3 }),
    healthChecked: fc.boolean(),
    tasks: fc.array(anyTask, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(anyService, { maxLength: 3 }), (services) => {
      const rests = services.every(
        ({ desired, tasks, healthChecked }) =>
          tasks.length === desired &&
          tasks.every(({ state, seconds }) => state === "running" && seconds >= (healthChecked ? 5 : heartbeatSeconds)),
      );
      const { why } = convergenceOf(swarm(...services), unseen);
      expect(why.length === 0).toBe(rests);
    }),
  );
});

test.each([
  [200, []],
  [302, []],
  [401, []],
  [403, []],
  [404, []],
  [500, ["route lamp: https://10.77.0.11/ answers 500"]],
  [502, ["route lamp: https://10.77.0.11/ answers 502"]],
  [0, ["route lamp: https://10.77.0.11/ gives no answer in 30 s"]],
])("a route that answers %d has the problems %j", (status, problems) => {
  expect(routeProblems([{ name: "lamp", url: "https://10.77.0.11/", status }])).toEqual(problems);
});
