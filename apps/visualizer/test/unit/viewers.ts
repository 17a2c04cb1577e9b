import assert from "node:assert/strict";
import { test } from "node:test";
import { replicasOf } from "@swarm-farm/docker-api/fake";
import { generateSwarm } from "../../fake/generate.ts";
import { readState, smallSwarm, stage, until, untilRead, updatesOf, messagesOf, view } from "../helpers.ts";
import { apply, byId, type Snapshot } from "../../shared/wire.ts";

test("200 viewers see every change over one stream of Docker's events", async (t) => {
  const on = await stage(t, generateSwarm(8, 120));
  await untilRead(on);
  const state = await readState(on.url);
  const viewers = await Promise.all(Array.from({ length: 200 }, () => view(on.url, state.mark)));
  await until("all are there", () => on.server.hub.viewers === 200);
  const before = on.docker.daemon.requests.length;
  const service = [...on.swarm.services.values()].find(({ spec }) => spec.Name === "web");
  assert.ok(service);
  const started = performance.now();
  on.swarm.scale(service, replicasOf(service) + 3);
  await until("all see it", () => viewers.every((one) => one.text().includes(`to ${replicasOf(service)}`)));
  t.diagnostic(`all 200 viewers saw a change after ${Math.round(performance.now() - started)} ms`);
  assert.equal(on.docker.daemon.streams.size, 1);
  assert.ok(on.docker.daemon.requests.length - before < 40, "viewers cause no requests of their own");
  const [first] = viewers;
  const initial = { nodes: byId(state.nodes), services: byId(state.services), tasks: byId(state.tasks) };
  const seen = updatesOf(messagesOf(first?.text() ?? "")).reduce(
    (clusterState, { change }) => (change ? apply(clusterState, change) : clusterState),
    initial,
  );
  await until("the state settles", () => on.server.hub.clusterState.tasks.size === seen.tasks.size);
  assert.deepEqual(new Set(seen.tasks.keys()), new Set(on.server.hub.clusterState.tasks.keys()));
  const metrics = await (await fetch(`${on.url}metrics`)).text();
  assert.match(metrics, /^visualizer_viewers 200$/m);
  for (const viewer of viewers) viewer.leave();
  await until("all have left", () => on.server.hub.viewers === 0);
});

test("more viewers than allowed are refused, and the page's other parts still answer", async (t) => {
  const on = await stage(t, smallSwarm(), { VIEWERS: "2" });
  await untilRead(on);
  const viewers = await Promise.all([view(on.url, ""), view(on.url, "")]);
  await until("both are there", () => on.server.hub.viewers === 2);
  assert.equal((await fetch(`${on.url}stream`)).status, 503);
  assert.equal((await fetch(`${on.url}state`)).status, 200);
  for (const viewer of viewers) viewer.leave();
});

test("the history is bounded, and read back in pages without a gap", async (t) => {
  const on = await stage(t, smallSwarm(), { HISTORY: "300" });
  await untilRead(on);
  const service = [...on.swarm.services.values()][0];
  assert.ok(service);
  on.swarm.scale(service, 400);
  await until("it is read", () => on.server.hub.clusterState.tasks.size > 390);
  const { activity } = await readState(on.url);
  const older = (await (await fetch(`${on.url}history?before=${activity[0]?.id}`)).json()) as { id: number }[];
  const ids = [...older, ...activity].map((line) => line.id);
  assert.deepEqual(
    ids,
    Array.from(ids, (_, i) => (ids[0] ?? 0) + i),
  );
  assert.equal(ids.length, 300);
  assert.equal((await fetch(`${on.url}history?before=x`)).status, 400);
});

test("/healthz and /metrics report health and counters", async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  const health = await fetch(`${on.url}healthz`);
  assert.equal(health.status, 200);
  assert.deepEqual(await health.json(), { alive: true, problems: 0 });
  const metrics = await (await fetch(`${on.url}metrics`)).text();
  for (const line of [
    /^visualizer_docker_connected 1$/m,
    /^swarm_nodes\{state="ready"\} 3$/m,
    /^swarm_tasks\{state="running"\} 8$/m,
    /^visualizer_docker_requests_total\{path="\/nodes",outcome="200"\} \d+$/m,
    /^visualizer_reading_seconds_count \d+$/m,
    /^process_resident_memory_bytes \d+$/m,
  ]) {
    assert.match(metrics, line);
  }
});

test("a page that nobody looks at sends Docker few requests", async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  await until("things are calm", () => on.docker.daemon.streams.size === 1);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const before = on.docker.daemon.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  assert.ok(on.docker.daemon.requests.length - before <= 3);
});

test("the state is sent as it is requested: compressed or plain", async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  for (const encoding of ["gzip", "identity"]) {
    const answer = await fetch(`${on.url}state`, { headers: { "accept-encoding": encoding } });
    assert.equal(answer.headers.get("content-encoding"), encoding === "gzip" ? "gzip" : null);
    assert.equal(((await answer.json()) as Snapshot).nodes.length, 3);
  }
});
