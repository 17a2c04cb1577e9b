import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeSwarm } from "@swarm-farm/docker-api/fake";
import { freeSocket, listen, visualizer } from "../../fake/run.ts";
import { readState, smallSwarm, stage, until, untilRead } from "../helpers.ts";
import { sampleSpec } from "../../fake/sample.ts";

const problemsAt = async (url: string): Promise<string> =>
  (await readState(url)).problems.map((problem) => problem.text).join("\n");

test("a daemon that is away is named, and found again without a restart", async (t) => {
  const swarm = smallSwarm();
  const on = await stage(t, swarm);
  await untilRead(on);
  await on.docker.close();
  await until("it is reported", async () => (await problemsAt(on.url)).includes("Docker cannot be read"));
  assert.equal((await readState(on.url)).nodes.length, 3, "what was known stays");
  swarm.addNode("worker3");
  const again = await listen(swarm, on.docker.socket);
  t.after(again.close);
  await until(
    "all is well again",
    async () => (await problemsAt(on.url)) === "" && on.server.hub.clusterState.nodes.size === 4,
  );
});

test("a server that starts before Docker waits for it", async (t) => {
  const socket = freeSocket();
  const server = await visualizer(socket);
  t.after(server.stop);
  const url = `http://127.0.0.1:${server.port}/`;
  await until("it is reported", async () => (await problemsAt(url)).includes("Docker cannot be read: connect ENOENT"));
  const docker = await listen(smallSwarm(), socket);
  t.after(docker.close);
  await until("it reads", () => server.hub.clusterState.nodes.size === 3);
});

test("a stream that is cut is opened again, and nothing is missed or repeated", async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  await until("it listens", () => on.docker.daemon.streams.size === 1);
  for (const stream of on.docker.daemon.streams) stream.destroy();
  on.swarm.addNode("meanwhile");
  await until("it listens again", () => on.docker.daemon.streams.size === 1);
  await until("it knows", () => on.server.hub.clusterState.nodes.size === 4);
  assert.equal(await problemsAt(on.url), "");
  const joined = (await readState(on.url)).activity.filter((line) => line.verb === "joined the swarm");
  assert.deepEqual(
    joined.map((line) => line.subject.name),
    ["meanwhile"],
  );
});

test("an API that is too old is refused by name, and a newer Docker accepted", async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  on.docker.daemon.apiVersion = "1.40";
  for (const stream of on.docker.daemon.streams) stream.destroy();
  await until("it is reported", async () => (await problemsAt(on.url)).includes("supports API 1.40, which is too old"));
  on.docker.daemon.apiVersion = "1.52";
  await until("it recovers", async () => (await problemsAt(on.url)) === "");
});

test("a Docker that is no manager, and a manager without a quorum, are named", async (t) => {
  const on = await stage(t, smallSwarm());
  on.docker.daemon.manager = false;
  for (const stream of on.docker.daemon.streams) stream.destroy();
  await until("no manager", async () => (await problemsAt(on.url)).includes("is not a manager of a swarm"));
  on.docker.daemon.manager = true;
  on.docker.daemon.failing = 503;
  await until("no quorum", async () => (await problemsAt(on.url)).includes("The swarm does not have a leader"), 8_000);
  on.docker.daemon.failing = undefined;
  await until("it recovers", async () => (await problemsAt(on.url)) === "", 8_000);
});

test("an answer that is not understood is reported in one line", async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  const [node] = on.swarm.nodes.values();
  Object.assign(node ?? {}, { id: 7 });
  await until("it is reported", async () =>
    (await problemsAt(on.url)).includes("Docker's answer to /nodes is not understood"),
  );
  assert.ok(!(await problemsAt(on.url)).includes("\n"));
});

test("a manager's clock that is off does not make ages wrong; a node's that is off is named", async (t) => {
  const swarm = FakeSwarm.live();
  const ahead = 3_600_000;
  swarm.now = () => Date.now() + ahead;
  swarm.addNode("manager1", { role: "manager" });
  swarm.addService(sampleSpec("web"));
  const on = await stage(t, swarm);
  await untilRead(on);
  assert.ok(Math.abs((await readState(on.url)).now - swarm.now()) < 2_000);
  assert.equal(await problemsAt(on.url), "");
  for (const task of swarm.tasks.values()) task.stateAt += 90_000;
  await until("it is reported", async () =>
    /the clock of 'manager1' is at least \d\d s ahead/.test(await problemsAt(on.url)),
  );
});

test("nodes without labels, odd names and a removed service are shown as they are", async (t) => {
  const swarm = FakeSwarm.live();
  const names = ["<img src=x onerror=alert(1)>", "узел-1", "ノード", "مرحبا", "a'\"&\u2028b", "😀"];
  for (const hostname of names) swarm.addNode(hostname, { role: "manager" });
  const service = swarm.addService(sampleSpec("web", { replicas: 12 }));
  const on = await stage(t, swarm);
  await untilRead(on);
  assert.deepEqual(
    (await readState(on.url)).nodes.map((node) => node.name),
    names,
  );
  swarm.removeService(service);
  await until("it is gone", () => on.server.hub.clusterState.tasks.size === 0);
  const lines = (await readState(on.url)).activity.map((line) => `${line.subject.name} ${line.verb}`);
  assert.ok(lines.includes("web was removed"));
});

test("a change of a node in Docker is seen in much less than three seconds", async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  await until("it listens", () => on.docker.daemon.streams.size === 1);
  const worker = [...on.swarm.nodes.values()][1];
  assert.ok(worker);
  for (const news of [
    { state: "down" },
    { state: "ready" },
    { availability: "drain" },
    { availability: "active" },
  ] as const) {
    on.swarm.setNode(worker, news);
    const shows = (): boolean =>
      Object.entries(news).every(
        ([key, value]) => on.server.hub.clusterState.nodes.get(worker.id)?.[key as "state"] === value,
      );
    await until(JSON.stringify(news), shows, 1_000);
  }
});
