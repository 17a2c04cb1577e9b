import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { configShape, eventShape, infoShape, listOf, nodeShape, serviceShape, taskShape } from "../src/index.ts";
import { FakeSwarm, renderNode, renderService, renderTask, secret, serviceSpec, withSecrets } from "../fake/index.ts";

/** As it arrives: what is undefined is absent. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("a value that Go omits or sends as null becomes the empty value", () => {
  assert.deepEqual(listOf(z.string()).parse(null), []);
  assert.deepEqual(listOf(z.string()).parse(undefined), []);
  assert.deepEqual(infoShape.parse({}), { Name: "", SystemTime: 0 });
  assert.deepEqual(configShape.parse({ ID: "c", Version: { Index: 1 }, Spec: { Labels: null } }).Spec, {
    Name: "",
    Labels: {},
    Data: "",
  });
  const service = serviceShape.parse({ ID: "s", Version: { Index: 1 }, Spec: { Name: "a", TaskTemplate: {} } });
  assert.deepEqual(service.Spec, { Name: "a", Labels: {}, TaskTemplate: { ForceUpdate: 0 } });
  const node = nodeShape.parse({ ID: "n", Spec: { Labels: null }, Description: null, Status: null });
  assert.deepEqual(node.Spec, { Role: "", Availability: "", Labels: {} });
});

test("Go's zero time means never", () => {
  const task = (Timestamp: string) => taskShape.parse({ ID: "t", Status: { Timestamp } }).Status.Timestamp;
  assert.equal(task("0001-01-01T00:00:00Z"), 0);
  assert.equal(task("nonsense"), 0);
  assert.equal(task("2026-01-02T03:04:05.123456789Z"), Date.parse("2026-01-02T03:04:05.123Z"));
});

test("a missing number of replicas differs from 0", () => {
  const replicas = (Replicated: unknown) =>
    serviceShape.parse({ ID: "s", Version: { Index: 1 }, Spec: { TaskTemplate: {}, Mode: { Replicated } } }).Spec.Mode
      ?.Replicated?.Replicas;
  assert.equal(replicas({}), undefined);
  assert.equal(replicas({ Replicas: 0 }), 0);
});

test("environment values, arguments, mounts' paths, secrets and configs are dropped", () => {
  const swarm = new FakeSwarm();
  const node = swarm.addNode("worker-1");
  const service = swarm.addService(withSecrets(serviceSpec("web")));
  const [task] = swarm.tasks.values();
  assert.ok(task);
  const answers = [renderService(swarm, service), renderTask(task), renderNode(node)].map(sent);
  assert.ok(JSON.stringify(answers).includes("PASSWORD="));
  const [parsed, parsedTask, parsedNode] = [
    serviceShape.parse(answers[0]),
    taskShape.parse(answers[1]),
    nodeShape.parse(answers[2]),
  ];
  // Labels are what programs are configured by: they stay, and each program takes the ones it knows.
  const { Labels, ...rest } = parsed.Spec;
  assert.deepEqual(Labels, { secret });
  assert.deepEqual(parsedNode.Description?.Engine?.Labels, { token: secret });
  assert.ok(!JSON.stringify([rest, parsedTask]).includes(secret));
  assert.deepEqual(rest.TaskTemplate.ContainerSpec?.Mounts, [{ Type: "bind" }]);
});

test("of an event only the change of a node is kept", () => {
  const event = { Type: "node", Action: "update", Actor: { ID: "n", Attributes: { name: "a", "state.new": "down" } } };
  assert.deepEqual(eventShape.parse({ ...event, timeNano: 1 }).Actor.Attributes, { "state.new": "down" });
  assert.equal(eventShape.safeParse({ Type: "node" }).success, false);
});
