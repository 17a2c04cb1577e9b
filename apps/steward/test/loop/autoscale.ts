import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { readLoad } from "../../src/autoscale/prometheus.ts";
import { serve } from "../../src/http.ts";
import { type FakeService, FakeSwarm, type SpecOptions } from "@swarm-farm/docker-api/fake";
import { count, Farm } from "../farm.ts";
import { specOf } from "../world.ts";

const policy = '{"min":2,"max":6,"metric":"requests","target":10}';

async function scaledFarm(options: SpecOptions = {}, text = policy): Promise<{ farm: Farm; service: FakeService }> {
  const swarm = new FakeSwarm();
  swarm.addNode("worker-1");
  swarm.addNode("worker-2");
  const service = swarm.addService(
    specOf("web", { replicas: 2, labels: { "swarm-farm.autoscale": text }, ...options }),
  );
  swarm.advance(10_000);
  return { farm: await Farm.start(swarm), service };
}

const replicas = ({ spec }: FakeService): number | undefined => spec.Mode.Replicated?.Replicas;

test("grows with the load at once, shrinks after the window, within its bounds", async () => {
  const { farm, service } = await scaledFarm();
  const actor = farm.hire("a");
  farm.load = 18;
  await farm.run(30);
  assert.equal(replicas(service), 2);
  farm.load = 47;
  await farm.run(10);
  assert.equal(replicas(service), 5);
  farm.load = 900;
  await farm.run(40);
  assert.equal(replicas(service), 6);
  farm.load = 0;
  await farm.run(170);
  assert.equal(replicas(service), 6);
  await farm.run(30);
  assert.equal(replicas(service), 2);
  assert.equal(await count(actor, 'scalings_total{service="web",direction="up"}'), 2);
  assert.equal(await count(actor, 'scalings_total{service="web",direction="down"}'), 1);
  assert.equal(await count(actor, "growth_seconds_count"), 2);
});

test("a cooldown survives the steward", async () => {
  const { farm, service } = await scaledFarm();
  const first = farm.hire("first");
  farm.load = 28;
  await farm.run(5);
  assert.equal(replicas(service), 3);
  await first.steward.lease.release();
  farm.kill(first);
  farm.hire("second", -500_000);
  farm.load = 60;
  await farm.run(25);
  assert.equal(replicas(service), 3);
  await farm.run(10);
  assert.equal(replicas(service), 6);
});

test("holds without data, and reports it; bounds are kept all the same", async () => {
  const { farm, service } = await scaledFarm({ replicas: 4 });
  const actor = farm.hire("a");
  await farm.run(300);
  assert.equal(replicas(service), 4);
  assert.equal(await count(actor, 'holds{service="web",reason="no-data"}'), 1);
  assert.ok(actor.lines.some((line) => line.includes("Prometheus is down")));
  farm.swarm.scale(service, 1);
  await farm.run(5);
  assert.equal(replicas(service), 2);
  farm.swarm.scale(service, 20);
  await farm.run(5);
  assert.equal(replicas(service), 6);
});

test("stops growing while tasks wait for a node, and logs Swarm's error", async () => {
  const { farm, service } = await scaledFarm({ cpus: 2 }, policy.replace('"max":6', '"max":9'));
  const actor = farm.hire("a");
  farm.load = 55;
  await farm.run(10);
  assert.equal(replicas(service), 6);
  farm.load = 90;
  await farm.run(60);
  assert.equal(replicas(service), 6);
  assert.equal(await count(actor, 'holds{service="web",reason="pending"}'), 1);
  assert.ok(actor.lines.some((line) => line.includes("no suitable node (insufficient resources on 2 nodes)")));
});

test("leaves a service alone while it is updated or its policy is wrong", async () => {
  const { farm, service } = await scaledFarm();
  const actor = farm.hire("a");
  service.update = { state: "updating" };
  farm.load = 60;
  await farm.run(60);
  assert.equal(replicas(service), 2);
  service.update = undefined;
  await farm.run(5);
  assert.equal(replicas(service), 6);
  farm.swarm.change(service, specOf("web", { replicas: 9, labels: { "swarm-farm.autoscale": '{"min":5,"max":2}' } }));
  await farm.run(30);
  assert.equal(replicas(service), 9);
  assert.equal(await count(actor, "bad_policies"), 1);
});

test("a service that Docker refuses to change does not keep others from being scaled or moved", async () => {
  const { farm, service } = await scaledFarm();
  const good = farm.swarm.addService(specOf("api", { replicas: 2, labels: { "swarm-farm.autoscale": policy } }));
  const actor = farm.hire("a");
  farm.daemon.fault = (method, path) => (method === "POST" && path.includes(service.id) ? "refuse" : undefined);
  farm.load = 40;
  await farm.run(10);
  assert.deepEqual([replicas(service), replicas(good)], [2, 4]);
  assert.ok((await count(actor, 'errors_total{kind="other"}')) > 0);
});

test("a service is not scaled while it is moved", async () => {
  const { farm, service } = await scaledFarm({ replicas: 4 });
  for (const node of farm.swarm.nodes.values())
    if (node.hostname === "worker-2") farm.swarm.setNode(node, { state: "down" });
  farm.swarm.advance(10_000);
  for (const node of farm.swarm.nodes.values()) farm.swarm.setNode(node, { state: "ready" });
  farm.hire("a");
  farm.load = 40;
  await farm.run(70, () => farm.scalings === 1);
  assert.equal(replicas(service), 5);
  farm.load = 200;
  await farm.run(30, () => replicas(service) === 4);
  assert.equal(farm.scalings, 3, "up twice, and back first");
  await farm.run(20);
  assert.equal(replicas(service), 6);
  assert.deepEqual(Object.values(farm.swarm.counts(service)), [3, 3]);
});

test("queries Prometheus, and takes every bad answer for no data", async (t) => {
  let answer: { status: number; body: string } = { status: 200, body: "" };
  const queries: string[] = [];
  const server = createServer((request, response) => {
    queries.push(new URL(request.url ?? "", "http://x").searchParams.get("query") ?? "");
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const vector = (...values: string[]): string =>
    JSON.stringify({
      data: { resultType: "vector", result: values.map((value) => ({ metric: {}, value: [0, value] })) },
    });
  const load = async (status: number, body: string): Promise<unknown> => {
    answer = { status, body };
    return readLoad(url, "sum(x)", 1_000);
  };
  assert.equal(await load(200, vector("12.5")), 12.5);
  assert.deepEqual(queries, ["sum(x)"]);
  for (const body of [vector(), vector("NaN"), "{}", "<html>"]) {
    assert.equal(typeof (await load(200, body)), "object", body);
  }
  assert.deepEqual(await load(503, "starting"), { missing: "Prometheus answers 503: starting" });
  assert.match(JSON.stringify(await readLoad("http://127.0.0.1:1", "x", 1_000)), /cannot be reached/);
});

test("reports its decisions and their reasons to people and to Prometheus", async (t) => {
  const { farm } = await scaledFarm();
  const { steward, metrics } = farm.hire("a");
  farm.load = 5;
  await farm.run(5);
  let alive = true;
  const { server, port } = await serve(0, steward, metrics, () => alive);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const get = async (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
  const state = (await (await get("/state")).json()) as { holder: string; autoscale: { reason: string }[] };
  assert.equal(state.holder, "a");
  assert.match(state.autoscale[0]?.reason ?? "", /calls for 2 replicas/);
  assert.match(await (await get("/metrics")).text(), /swarm_farm_steward_lease_held 1/);
  assert.equal((await get("/healthz")).status, 200);
  alive = false;
  assert.equal((await get("/healthz")).status, 503);
  assert.equal((await get("/other")).status, 404);
});
