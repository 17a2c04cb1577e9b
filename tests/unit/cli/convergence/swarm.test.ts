import { convergenceOf } from "../../../../cli/convergence/converged";
import { parseSwarm } from "../../../../cli/convergence/swarm";

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
        ID: "s4",
        Spec: {
          Name: "report",
          Labels: { "swarm-farm.made-by": "swarm-farm/dev", "swarm.cronjob.enable": "true" },
          Mode: { Replicated: { Replicas: 1 } },
          TaskTemplate: { RestartPolicy: { Condition: "none" } },
        },
        ServiceStatus: { DesiredTasks: 1 },
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

test("parses answers with and without a trailing newline", () => {
  expect(parseSwarm(lines().replaceAll("\n", "\n\n"), "dev")).toEqual(parseSwarm(lines(), "dev"));
});

test("a service of another program, or of another stack of this one, does not belong to the farm", () => {
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

test.each([
  [{ Healthcheck: { Test: ["CMD", "php-fpm-ping"], Interval: 6e10 } }, true],
  [{ Healthcheck: { Test: ["CMD-SHELL", "true"] } }, true],
  [{ Healthcheck: { Test: ["NONE"] } }, false],
  [{ Healthcheck: { Interval: 6e10 } }, false],
  [{ Healthcheck: null }, false],
  [{}, false],
])("a service with %j has a health check of its own: %j", (container, checked) => {
  const text = lines().replace(
    '"TaskTemplate":{}',
    JSON.stringify({ TaskTemplate: { ContainerSpec: container } }).slice(1, -1),
  );
  expect(parseSwarm(text, "dev").services[0]?.healthChecked).toBe(checked);
});

test("parses nodes, services with their replicas, and tasks with their age", () => {
  const facts = parseSwarm(lines(), "dev");
  expect(facts.heartbeatSeconds).toBe(15);
  expect(facts.jobs).toEqual(["report"]);
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
  expect(convergenceOf(parseSwarm(lines({ services: one, tasks }), "dev"), () => 1000).why).toEqual(why);
});

test.each([
  [{ services: { message: "The swarm does not have a leader." } }, "The swarm does not have a leader."],
  [{ info: { Swarm: { Cluster: null } } }, undefined],
])("parses %j or refuses it with Docker's message", (over, message) => {
  if (message === undefined) expect(parseSwarm(lines(over), "dev").heartbeatSeconds).toBe(5);
  else expect(() => parseSwarm(lines(over), "dev")).toThrow(message);
  expect(() => parseSwarm("1700000060\n\n", "dev")).toThrow("docker on a manager does not answer '/info'");
});
