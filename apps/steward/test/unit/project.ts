import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeShape, serviceShape, taskShape } from "@swarm-farm/docker-api";
import { toNode, toService, toTask } from "../../src/docker/project.ts";

const node = (more: object) => toNode(nodeShape.parse({ ID: "n", Spec: {}, ...more }));
const service = (spec: object, more: object = {}) =>
  toService(serviceShape.parse({ ID: "s", Version: { Index: 7 }, Spec: { TaskTemplate: {}, ...spec }, ...more }));

test("a node that has just joined and has not described itself is none to put tasks on", () => {
  const { hostname, state, nanoCpus, memoryBytes, os } = node({});
  assert.deepEqual(
    { hostname, state, nanoCpus, memoryBytes, os },
    { hostname: "n", state: "unknown", nanoCpus: 0, memoryBytes: 0, os: "" },
  );
  assert.equal(
    node({ Description: { Hostname: "worker-1", Engine: null }, Status: { State: "ready" } }).state,
    "ready",
  );
});

test("only a service with a number of replicas is replicated; jobs are none", () => {
  for (const [Mode, mode, replicas] of [
    [{ Replicated: { Replicas: 3 } }, "replicated", 3],
    [{ Replicated: { Replicas: 0 } }, "replicated", 0],
    // Go leaves out the number that a client left out: Swarm then runs one.
    [{ Replicated: {} }, "replicated", 1],
    [{ Global: {} }, "global", 0],
    [{ ReplicatedJob: { TotalCompletions: 5 } }, "job", 0],
    [{ GlobalJob: {} }, "job", 0],
    [undefined, "job", 0],
  ] as const) {
    const found = service({ Mode });
    assert.deepEqual([found.mode, found.replicas], [mode, replicas], JSON.stringify(Mode));
  }
});

test("ports that tasks take on their own node are those published in host mode", () => {
  const port = (PublishedPort: number, PublishMode: string, Protocol?: string) => ({
    PublishedPort,
    PublishMode,
    ...(Protocol && { Protocol }),
  });
  const Ports = [port(80, "host"), port(53, "host", "udp"), port(443, "ingress", "tcp"), port(0, "host", "tcp")];
  assert.deepEqual(service({ EndpointSpec: { Ports } }).hostPorts, ["80/tcp", "53/udp"]);
  assert.deepEqual(service({ EndpointSpec: { Ports: null } }).hostPorts, []);
});

test("the settings that Swarm places tasks by are kept: constraints, preferences, limits, platforms, reservations, mounts", () => {
  const found = service({
    TaskTemplate: {
      ContainerSpec: { Image: "web", Mounts: [{ Type: "volume" }, { Type: "tmpfs" }] },
      Resources: { Reservations: { NanoCPUs: 5e8 } },
      Placement: {
        Constraints: ["node.role==worker"],
        Preferences: [{ Spread: { SpreadDescriptor: "node.labels.zone" } }, { Spread: null }],
        MaxReplicas: 2,
        Platforms: [{ OS: "linux", Architecture: "amd64" }],
      },
    },
  });
  assert.deepEqual(found.constraints, ["node.role==worker"]);
  assert.deepEqual(found.spread, ["node.labels.zone"], "a kind of preference that is not known is none");
  assert.deepEqual(found.platforms, [{ os: "linux", arch: "amd64" }]);
  assert.deepEqual([found.maxPerNode, found.mounts], [2, ["volume", "tmpfs"]]);
  assert.deepEqual(found.reservation, { nanoCpus: 5e8, memoryBytes: 0 });
});

test("an update's state and Docker's own count are taken over, and are empty without them", () => {
  const updated = service({}, { UpdateStatus: { State: "rollback_started" }, ServiceStatus: { RunningTasks: 4 } });
  assert.deepEqual([updated.update, updated.running, updated.version], ["rollback_started", 4, 7]);
  assert.deepEqual([service({}).update, service({}).running], ["", 0]);
});

test("a task without a node, a service or a spec is still a task", () => {
  const { nodeId, serviceId, error, reservation } = toTask(
    taskShape.parse({ ID: "t", Status: { State: "orphaned", Err: null }, NodeID: null }),
  );
  assert.deepEqual(
    { nodeId, serviceId, error, reservation },
    { nodeId: "", serviceId: "", error: "", reservation: { nanoCpus: 0, memoryBytes: 0 } },
  );
});
