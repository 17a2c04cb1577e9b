import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { configShape, eventShape, infoShape, listOf, taskShape } from "../src/index.ts";
import { FakeSwarm, serviceSpec } from "../fake/index.ts";
import { connected } from "./support.ts";

const filters = (value: Readonly<Record<string, readonly string[]>>): string =>
  `filters=${encodeURIComponent(JSON.stringify(value))}`;

test("tasks are filtered as Docker does", async (t) => {
  const { docker, swarm } = await connected(t, FakeSwarm.live());
  swarm.addNode("worker-1");
  const [web] = ["web", "api"].map((name) => swarm.addService(serviceSpec(name, { replicas: 2 })));
  assert.ok(web);
  const ids = async (query: string) => (await docker.get(`/tasks${query}`, listOf(taskShape))).map(({ ID }) => ID);
  assert.equal((await ids("")).length, 4);
  assert.equal((await ids(`?${filters({ service: [web.id] })}`)).length, 2);
  const [first] = swarm.alive(web);
  assert.ok(first);
  swarm.startUpdate(web, "nginx:1.28");
  swarm.updateNext(web);
  assert.deepEqual(await ids(`?${filters({ id: [first.id] })}`), [first.id]);
  const upToDate = { service: [web.id], "_up-to-date": ["true"], "desired-state": ["running"] };
  assert.equal((await ids(`?${filters(upToDate)}`)).length, 1);
});

test("configs are found by the beginning of a name, and only labels can be changed", async (t) => {
  const { docker, swarm } = await connected(t);
  await docker.post("/configs/create", { Name: "lease", Data: "YQ==" });
  await docker.post("/configs/create", { Name: "lease-2", Data: "" });
  const find = (name: string) => docker.get(`/configs?${filters({ name: [name] })}`, listOf(configShape));
  const [config] = await find("lease");
  assert.ok(config);
  assert.equal((await find("lease")).length, 2);
  const path = `/configs/${config.ID}/update?version=${config.Version.Index}`;
  await assert.rejects(docker.post(path, { Name: "lease", Data: "Yg==" }), /only updates to Labels are allowed/);
  await docker.post(path, { Name: "lease", Data: "YQ==", Labels: { holder: "a" } });
  assert.deepEqual(swarm.configs.get(config.ID)?.labels, { holder: "a" });
  await assert.rejects(docker.post("/configs/create", { Name: "lease" }), /409.*already exists/);
});

test("events arrive on a stream that stays open", async (t) => {
  const { docker, swarm, daemon } = await connected(t, FakeSwarm.live());
  const { body } = await docker.stream("/events", { endless: true });
  const lines = createInterface({ input: body })[Symbol.asyncIterator]();
  while (daemon.streams.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const node = swarm.addNode("worker-1");
  swarm.setNode(node, { availability: "drain" });
  const next = async () => eventShape.parse(JSON.parse(String((await lines.next()).value)));
  assert.deepEqual(await next(), { Type: "node", Action: "create", Actor: { ID: node.id, Attributes: {} } });
  assert.deepEqual((await next()).Actor.Attributes, { "availability.new": "drain" });
  body.destroy();
});

test("a manager without a quorum, one that is none, and unknown paths", async (t) => {
  const { docker, daemon } = await connected(t);
  daemon.manager = false;
  assert.equal((await docker.get("/info", infoShape)).Swarm?.ControlAvailable, false);
  await assert.rejects(docker.stream("/plugins"), /404: page not found/);
  await assert.rejects(docker.post("/swarm/leave", {}), /404: page not found/);
  daemon.failing = 503;
  await assert.rejects(docker.stream("/nodes"), /503: .*The swarm does not have a leader/);
  daemon.fault = () => "before";
  await assert.rejects(docker.stream("/nodes"));
});
