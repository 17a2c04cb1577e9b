import fc from "fast-check";
import { parseSwarm, type ServiceFact, type SwarmFacts, type TaskFact } from "../../../../cli/gate/swarm";
import { restOf } from "../../../../cli/gate/rest";
import { routeProblems } from "../../../../cli/gate/routes";

const heartbeatSeconds = 15;
const unseen = () => 0;

function task(changes: Partial<TaskFact> = {}): TaskFact {
  return { id: "t1", name: "hello.1 on worker1", state: "running", seconds: 60, error: "", ...changes };
}

function service(changes: Partial<ServiceFact> = {}): ServiceFact {
  return { name: "hello", own: true, desired: 1, tasks: [task()], ...changes };
}

function swarm(...services: readonly ServiceFact[]): SwarmFacts {
  return { nodes: new Map(), services, heartbeatSeconds };
}

test("a farm that is full and has been so for a heartbeat rests at the first look", () => {
  expect(restOf(swarm(service(), service({ name: "lamp-php" })), unseen)).toEqual({ why: [], others: [] });
});

test("a service that others made and that does not run is named, and nobody waits for it", () => {
  const shop = service({ name: "shop", own: false, tasks: [] });
  expect(restOf(swarm(service(), shop), unseen)).toEqual({ why: [], others: ["service shop: 0 of 1 task runs"] });
});

test("a task that is started every 10 s never rests, and one that was stopped after a day by its node does", () => {
  const looping = task({ seconds: 9, failedAfter: 10 });
  const { why, inSeconds } = restOf({ ...swarm(service({ tasks: [looping] })), heartbeatSeconds: 5 }, unseen);
  expect(why).toEqual(["task hello.1 on worker1 runs since 9 s, and rests after 15 s, since the one before it failed"]);
  expect(inSeconds).toBe(6);
  const stopped = task({ seconds: 16, failedAfter: 86_400 });
  expect(restOf(swarm(service({ tasks: [stopped] })), unseen).why).toEqual([]);
});

test.each<[what: string, service: ServiceFact, why: string]>([
  ["a task lacks", service({ desired: 2 }), "service hello: 1 of 2 tasks run"],
  [
    "a task is not healthy yet",
    service({ tasks: [task({ state: "starting" })] }),
    "service hello: 0 of 1 task runs (hello.1 on worker1 is 'starting')",
  ],
  [
    "a task has no place",
    service({ desired: 2, tasks: [task(), task({ name: "hello.2", state: "pending", error: "no suitable node" })] }),
    "service hello: 1 of 2 tasks run (hello.2 is 'pending', no suitable node)",
  ],
  ["an update is under way", service({ update: "updating" }), "service hello: its update is 'updating'"],
  ["an update has stopped", service({ update: "paused" }), "service hello: its update is 'paused'"],
])("it does not rest where %s, however long that takes", (_, lacking, why) => {
  expect(restOf(swarm(service(), lacking), () => 1000)).toEqual({ why: [why], others: [] });
});

test("two of four balancers that were just replaced do not rest, and may after the rest of a heartbeat", () => {
  const tasks = [60, 60, 4, 9].map((seconds, index) =>
    task({ id: `t${index}`, name: `loadbalancer on node${index}`, seconds }),
  );
  const { why, inSeconds } = restOf(swarm(service({ desired: 4, tasks })), unseen);
  expect(why).toEqual([
    "task loadbalancer on node2 runs since 4 s, and rests after 15 s",
    "task loadbalancer on node3 runs since 9 s, and rests after 15 s",
  ]);
  expect(inSeconds).toBe(11);
});

test("a node whose clock is ahead does not keep a farm from resting once it was seen for a heartbeat", () => {
  const ahead = swarm(service({ tasks: [task({ seconds: -8e6 })] }));
  expect(restOf(ahead, () => 3)).toMatchObject({ inSeconds: 12 });
  expect(restOf(ahead, () => 15).why).toEqual([]);
});

test("a farm rests exactly if every service is full of tasks that run for a heartbeat", () => {
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
    tasks: fc.array(anyTask, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(anyService, { maxLength: 3 }), (services) => {
      const rests = services.every(
        ({ desired, tasks }) =>
          tasks.length === desired &&
          tasks.every(({ state, seconds }) => state === "running" && seconds >= heartbeatSeconds),
      );
      const { why } = restOf(swarm(...services), unseen);
      expect(why.length === 0).toBe(rests);
    }),
  );
});

const lines = (over: Readonly<Record<string, unknown>> = {}) => {
  const answers = {
    now: 1_700_000_060,
    info: { Swarm: { Cluster: { Spec: { Dispatcher: { HeartbeatPeriod: 15_000_000_000 } } } } },
    nodes: [
      {
        ID: "old",
        Spec: { Role: "worker", Availability: "active" },
        Description: { Hostname: "worker1" },
        Status: { State: "down" },
      },
      {
        ID: "n1",
        Spec: { Role: "worker", Availability: "drain" },
        Description: { Hostname: "worker1" },
        Status: { State: "ready" },
      },
      // A member whose join was cut off has no name.
      {
        ID: "n2",
        Spec: { Role: "manager", Availability: "active" },
        Description: { Engine: {} },
        Status: { State: "unknown" },
      },
    ],
    services: [
      {
        ID: "s1",
        Spec: {
          Name: "hello",
          Labels: { "swarm-farm.made-by": "swarm-farm/dev" },
          Mode: { Replicated: { Replicas: 2 } },
          TaskTemplate: {},
        },
        ServiceStatus: { DesiredTasks: 2 },
      },
      {
        ID: "s2",
        Spec: { Name: "job", Mode: { ReplicatedJob: {} }, TaskTemplate: {} },
        ServiceStatus: { DesiredTasks: 0 },
      },
      {
        ID: "s3",
        Spec: { Name: "loadbalancer", Mode: { Global: {} }, TaskTemplate: {} },
        ServiceStatus: { DesiredTasks: 0 },
        UpdateStatus: { State: "completed" },
      },
    ],
    tasks: [
      {
        ID: "t1",
        ServiceID: "s1",
        NodeID: "n1",
        Slot: 1,
        CreatedAt: "2023-11-14T22:13:30Z",
        DesiredState: "running",
        Status: { Timestamp: "2023-11-14T22:13:40.123456789Z", State: "running" },
      },
      {
        ID: "t0",
        ServiceID: "s1",
        NodeID: "n2",
        Slot: 1,
        CreatedAt: "2023-11-14T22:13:10Z",
        DesiredState: "shutdown",
        Status: { Timestamp: "2023-11-14T22:13:22Z", State: "failed" },
      },
      {
        ID: "t2",
        ServiceID: "s1",
        Slot: 2,
        CreatedAt: "2023-11-14T22:14:10Z",
        DesiredState: "running",
        Status: { Timestamp: "2023-11-14T22:14:10Z", State: "pending", Err: "no suitable node" },
      },
    ],
    ...over,
  };
  return Object.values(answers)
    .map((answer) => JSON.stringify(answer))
    .join("\n");
};

test("answers that end with a line's end of their own are read alike", () => {
  expect(parseSwarm(lines().replaceAll("\n", "\n\n"), "dev")).toEqual(parseSwarm(lines(), "dev"));
});

test("a service of another program, or of another stack of this one, is not the farm's own", () => {
  const own = (stack: string, madeBy: string) => {
    const text = lines().replace('"swarm-farm/dev"', JSON.stringify(madeBy));
    return parseSwarm(text, stack).services[0]?.own;
  };
  expect([own("dev", "swarm-farm/dev"), own("dev", "pulumi")]).toEqual([true, true]);
  expect([own("dev", "own-program/dev"), own("test", "swarm-farm/dev"), own("dev", "swarm-farm/dev2")]).toEqual([
    false,
    false,
    false,
  ]);
});

test("what a manager answers is read: nodes, services that are to go on, tasks by their age", () => {
  const facts = parseSwarm(lines(), "dev");
  expect(facts.heartbeatSeconds).toBe(15);
  expect([...facts.nodes]).toEqual([["worker1", { state: "ready", availability: "drain" }]]);
  expect(facts.services.map(({ name, own, desired, update }) => [name, own, desired, update])).toEqual([
    ["hello", true, 2, undefined],
    ["loadbalancer", false, 0, undefined],
  ]);
  expect(facts.services[0]?.tasks.map(({ id, failedAfter }) => [id, failedAfter])).toEqual([
    ["t1", 12],
    ["t2", undefined],
  ]);
  const [first, second] = facts.services[0]?.tasks ?? [];
  expect(first).toMatchObject({ name: "hello.1 on worker1", state: "running", error: "" });
  expect(first?.seconds).toBeCloseTo(39.877, 2);
  expect(second).toMatchObject({ name: "hello.2", state: "pending", error: "no suitable node" });
});

const job = (state: string, created: string, desired = "shutdown", slot = 1) => ({
  ID: `${state}-${created}`,
  ServiceID: "s1",
  NodeID: "n1",
  Slot: slot,
  CreatedAt: `2023-11-14T22:${created}Z`,
  DesiredState: desired,
  Status: {
    Timestamp: "2023-11-14T22:13:40Z",
    State: state,
    ...(state === "failed" && { Err: "task: non-zero exit (3)" }),
  },
});

test.each([
  ["has ended with 0", "none", [job("complete", "10:00")], []],
  [
    "ended with 0 after a failure, and its update was paused for ending",
    "on-failure",
    [job("failed", "09:00"), job("complete", "10:00")],
    [],
  ],
  [
    "ended with 0 in another version, and runs again",
    "none",
    [job("complete", "09:00"), job("running", "10:00", "running")],
    [],
  ],
  [
    "runs again and is not ready",
    "none",
    [job("complete", "09:00"), job("starting", "10:00", "running")],
    ["service hello: 0 of 1 task runs (hello.1 on worker1 is 'starting')"],
  ],
  [
    "failed for good",
    "none",
    [job("complete", "09:00"), job("failed", "10:00")],
    ["service hello: 0 of 1 task runs (hello.1 on worker1 is 'failed', task: non-zero exit (3))"],
  ],
  ["ended with 0 and must run", "any", [job("complete", "10:00")], ["service hello: 0 of 1 task runs"]],
])("a service whose only task %s", (_name, Condition, tasks, why) => {
  const services = JSON.parse(lines().split("\n")[3] ?? "") as {
    Spec: { TaskTemplate: object };
    ServiceStatus: object;
  }[];
  const one = services.slice(0, 1).map((each) => ({
    ...each,
    Spec: { ...each.Spec, TaskTemplate: { ...each.Spec.TaskTemplate, RestartPolicy: { Condition } } },
    ServiceStatus: { DesiredTasks: 1 },
    UpdateStatus:
      why.length === 0 && tasks.every(({ DesiredState }) => DesiredState === "shutdown")
        ? { State: "paused" }
        : undefined,
  }));
  expect(restOf(parseSwarm(lines({ services: one, tasks }), "dev"), () => 1000).why).toEqual(why);
});

test.each([
  [{ services: { message: "The swarm does not have a leader." } }, "The swarm does not have a leader."],
  [{ info: { Swarm: { Cluster: null } } }, undefined],
])("an answer %j is read or refused with Docker's own words", (over, message) => {
  if (message === undefined) expect(parseSwarm(lines(over), "dev").heartbeatSeconds).toBe(5);
  else expect(() => parseSwarm(lines(over), "dev")).toThrow(message);
  expect(() => parseSwarm("1700000060\n\n", "dev")).toThrow("docker on a manager does not answer '/info'");
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
