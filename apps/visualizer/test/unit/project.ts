import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeShape, serviceShape, taskShape } from "@swarm-farm/docker-api";
import { clockProblems } from "../../server/clocks.ts";
import { imageName, projectNode, projectService, projectTask } from "../../server/docker/project.ts";
import { groupOf, hasEnough, stateText, thereOf } from "../../page/states.ts";
import type { Task } from "../../shared/model.ts";
import { aNode, aService, aTask, stateOf } from "../samples.ts";

const node = (more: object) => projectNode(nodeShape.parse({ ID: "n", Spec: {}, ...more }));
const service = (more: object, spec: object = {}, done?: number) =>
  projectService(
    serviceShape.parse({ ID: "s", Version: { Index: 1 }, Spec: { TaskTemplate: {}, ...spec }, ...more }),
    done,
  );
const task = (status: object, more: object = {}) => projectTask(taskShape.parse({ ID: "t", Status: status, ...more }));

test("an image is called as people do, wherever it comes from", () => {
  for (const [reference, name] of [
    ["nginx:1.27", "nginx:1.27"],
    [`nginx:1.27@sha256:${"0a".repeat(32)}`, "nginx:1.27"],
    ["docker.io/library/nginx:1.27", "nginx:1.27"],
    ["docker.io/grafana/grafana:12", "grafana/grafana:12"],
    ["library/redis", "redis"],
    ["registry.example:5000/library/api:2", "registry.example:5000/library/api:2"],
    ["", ""],
  ] as const) {
    assert.equal(imageName(reference), name);
  }
});

test("a manager that reports no address of its own is shown with the one that other managers use", () => {
  const at = (Addr: string, raft?: string) =>
    node({ Status: { Addr }, ...(raft !== undefined && { ManagerStatus: { Addr: raft } }) }).address;
  assert.equal(at("0.0.0.0", "10.0.0.1:2377"), "10.0.0.1");
  assert.equal(at("0.0.0.0", "[2001:db8::1]:2377"), "[2001:db8::1]");
  assert.equal(at("10.0.0.9", "10.0.0.1:2377"), "10.0.0.9");
  assert.equal(at("0.0.0.0", ""), "0.0.0.0");
  assert.equal(at("0.0.0.0"), "0.0.0.0");
});

test("a node that has described nothing of itself is unknown, not wrong", () => {
  const { name, state, leader, reachability, cpus, memoryBytes, platform, engine } = node({});
  assert.deepEqual([name, state, leader, reachability, platform, engine], ["", "unknown", false, "", "", ""]);
  assert.deepEqual([cpus, memoryBytes], [0, 0]);
});

test("the desired tasks of a service are Docker's number, a job's completions, or the replicas of its spec", () => {
  const counts = (Mode: object | undefined, ServiceStatus?: object) => {
    const { mode, desiredTasks, running, completed } = service(ServiceStatus ? { ServiceStatus } : {}, { Mode });
    return [mode, desiredTasks, running, completed];
  };
  const status = { RunningTasks: 2, DesiredTasks: 3, CompletedTasks: 1 };
  assert.deepEqual(counts({ Replicated: { Replicas: 5 } }, status), ["replicated", 3, 2, 1]);
  assert.deepEqual(counts({ Replicated: { Replicas: 5 } }), ["replicated", 5, 0, 0]);
  assert.deepEqual(counts({ Global: {} }, status), ["global", 3, 2, 1]);
  assert.deepEqual(counts({ ReplicatedJob: { TotalCompletions: 9 } }, status), ["replicated job", 9, 2, 1]);
  assert.deepEqual(counts({ GlobalJob: {} }, status), ["global job", 3, 2, 1]);
  assert.deepEqual(counts(undefined), ["replicated", 0, 0, 0]);
});

test("a service on a schedule has what runs of it, and no updates: each run would be one", () => {
  const Labels = { "swarm.cronjob.enable": "true" };
  const of = (RunningTasks: number) =>
    service(
      { ServiceStatus: { RunningTasks, DesiredTasks: 2 }, UpdateStatus: { State: "completed" } },
      { Labels, Mode: { Replicated: { Replicas: 2 } } },
    );
  assert.deepEqual([of(0).mode, of(0).desiredTasks, of(1).desiredTasks], ["on a schedule", 0, 1]);
  assert.deepEqual([hasEnough(of(0)), hasEnough(of(1)), of(0).update], [true, true, undefined]);
});

test("ports are named with their protocol unless it is TCP, updates with their current action", () => {
  const Ports = [
    { Protocol: "tcp", PublishedPort: 8080, TargetPort: 80 },
    { Protocol: "udp", PublishedPort: 53, TargetPort: 53 },
  ];
  assert.deepEqual(service({ Endpoint: { Ports } }).ports, ["8080→80", "53→53/udp"]);
  assert.deepEqual(service({ Endpoint: {} }).ports, []);
  const UpdateStatus = { State: "updating", Message: "update in progress" };
  assert.deepEqual(service({ UpdateStatus }, {}, 0).update, {
    state: "updating",
    message: "update in progress",
    done: 0,
  });
  assert.deepEqual(service({ UpdateStatus }).update, { state: "updating", message: "update in progress" });
  assert.equal(service({ UpdateStatus: { State: "" } }).update, undefined);
});

test("why a task is in its state is shown unless it only repeats the state", () => {
  assert.equal(task({ State: "running", Message: "started" }).reason, "");
  assert.equal(task({ State: "preparing", Message: "preparing" }).reason, "");
  assert.equal(task({ State: "starting", Message: "waiting for health" }).reason, "waiting for health");
  assert.equal(task({ State: "rejected", Message: "preparing", Err: "No such image" }).reason, "No such image");
});

test("an exit code belongs to a task that is over; Docker sends 0 for those that run, too", () => {
  const exit = (State: string, ExitCode?: number) => task({ State, ContainerStatus: { ExitCode } }).exitCode;
  assert.equal(exit("running", 0), undefined);
  assert.deepEqual(
    ["complete", "failed", "shutdown"].map((state) => exit(state, 0)),
    [0, 0, 0],
  );
  assert.equal(exit("failed", 137), 137);
  assert.equal(exit("failed"), undefined);
  assert.equal(task({ State: "failed", ContainerStatus: null }).exitCode, undefined);
});

test("every state of Swarm has its group and its words", () => {
  const cases: readonly (readonly [Partial<Task>, string, string])[] = [
    [{ state: "new" }, "starting", "new"],
    [{ state: "assigned" }, "starting", "assigned"],
    [{ state: "pending" }, "waiting", "waiting"],
    [{}, "running", "running"],
    [{ desired: "complete" }, "running", "running"],
    [{ desired: "shutdown" }, "ended", "stopping"],
    [{ desired: "remove" }, "ended", "stopping"],
    [{ state: "complete", exitCode: 0 }, "ended", "complete"],
    [{ state: "shutdown", exitCode: 143 }, "ended", "shutdown, exit 143"],
    [{ state: "failed", exitCode: 1 }, "failed", "failed, exit 1"],
    [{ state: "rejected" }, "failed", "rejected"],
    [{ state: "orphaned" }, "failed", "orphaned"],
  ];
  for (const [change, group, text] of cases) {
    assert.deepEqual([groupOf(aTask(change)), stateText(aTask(change))], [group, text]);
  }
});

test("a service has enough when all run, a job when all came to their end", () => {
  assert.ok(hasEnough(aService({ running: 3 })) && !hasEnough(aService({ running: 1 })));
  const job = aService({ mode: "replicated job", running: 2, completed: 1 });
  assert.deepEqual([thereOf(job), hasEnough(job), hasEnough({ ...job, completed: 2 })], [1, false, true]);
});

test("a node's clock is off if its stamps lie ahead, or before what caused them; the worst stamp counts", () => {
  const now = 1_000_000;
  const at = (...tasks: readonly Partial<Task>[]) => {
    const all = tasks.map((change, i) => aTask({ id: `t${i}`, createdAt: now - 60_000, stateAt: now, ...change }));
    return clockProblems(stateOf([aNode()], [], all), now).map(
      ({ text }) => /at least .* the manager's/.exec(text)?.[0],
    );
  };
  assert.deepEqual(at({}, { stateAt: now + 5_000 }, { stateAt: now - 65_000 }), [], "a message takes time");
  assert.deepEqual(at({ stateAt: now + 9_000 }, { stateAt: now + 90_000 }), ["at least 90 s ahead of the manager's"]);
  assert.deepEqual(at({ stateAt: now - 100_000 }), ["at least 40 s behind the manager's"]);
  assert.deepEqual(
    at({ stateAt: 0 }, { nodeId: "", stateAt: now + 90_000 }),
    [],
    "without a stamp or a node there is no proof",
  );
  assert.deepEqual(at({ state: "failed", stateAt: now - 100_000 }), [], "a task may end before the next look");
});
