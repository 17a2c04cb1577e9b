import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as z from "zod";
import { Docker, listOf, nodeShape, serviceShape, wholeServiceShape } from "../src/index.ts";
import { FakeSwarm, serviceSpec, startFakeDaemon } from "../fake/index.ts";
import { connected, connectedTo } from "./support.ts";

test("lists are read through a port and through a socket", async (t) => {
  const swarm = new FakeSwarm();
  swarm.addNode("worker-1");
  const socket = join(tmpdir(), `docker-api-${process.pid}.sock`);
  for (const at of [0, socket]) {
    const daemon = await startFakeDaemon(swarm, at);
    const docker = new Docker(daemon.host);
    t.after(() => Promise.all([docker.close(), daemon.close()]));
    const nodes = await docker.get("/nodes", listOf(nodeShape));
    assert.deepEqual(
      nodes.map(({ Description }) => Description?.Hostname),
      ["worker-1"],
      daemon.host,
    );
  }
});

test("a service's whole spec is read, and sent back with a change", async (t) => {
  const { docker, swarm, daemon } = await connected(t);
  const service = swarm.addService(serviceSpec("web", { env: ["KEEP=me"] }));
  const path = `/services/${service.id}`;
  const { Spec, Version } = await docker.get(path, wholeServiceShape);
  await docker.post(`${path}/update?version=${Version.Index}`, { ...Spec, Mode: { Replicated: { Replicas: 3 } } });
  assert.deepEqual(service.spec, serviceSpec("web", { env: ["KEEP=me"], replicas: 3 }));
  assert.deepEqual(daemon.writes, ["/services/update"]);
});

test("an answer without a body is no error, and an unreadable one is reported with its path", async (t) => {
  const docker = await connectedTo(t, ({ url = "" }, response) => {
    response.end(url.endsWith("/empty") ? "" : '[{"ID":7}]');
  });
  assert.deepEqual(await docker.get("/empty", listOf(nodeShape)), []);
  await assert.rejects(
    docker.get("/services?status=true", listOf(serviceShape)),
    /^Error: Docker's answer to \/services is not understood at '0\.ID': /,
  );
});

test("a request with its answer takes no longer than the limit, whatever it waits for", async (t) => {
  const docker = await connectedTo(
    t,
    ({ url = "" }, response) => {
      // Headers and the beginning of a body, of which the rest never comes.
      if (url.endsWith("/half")) response.write("[");
    },
    200,
  );
  for (const path of ["/half", "/services/abc123/nothing"]) {
    const started = performance.now();
    await assert.rejects(docker.get(path, z.unknown()), /Docker did not answer GET \S+ within 0\.2 s/);
    assert.ok(performance.now() - started < 5_000);
  }
});

test("a caller's signal ends a request, with the caller's reason", async (t) => {
  const docker = await connectedTo(t, () => undefined);
  const reason = new Error("nobody waits any more");
  const caller = new AbortController();
  const answer = docker.get("/nodes", z.unknown(), caller.signal);
  setTimeout(() => {
    caller.abort(reason);
  }, 20);
  await assert.rejects(answer, reason);
});

test("a stream stays open while it is silent", async (t) => {
  const docker = await connectedTo(
    t,
    (_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).write("one");
      setTimeout(() => {
        response.end("two");
      }, 1_500);
    },
    300,
  );
  const { type, body } = await docker.stream("/events", { endless: true });
  assert.equal(type, "application/json");
  assert.equal(await body.text(), "onetwo");
});

test("each request is observed once, by its kind", async (t) => {
  const seen: string[] = [];
  const { docker, daemon } = await connected(t, new FakeSwarm(), {
    observe: (kind, outcome, seconds) => {
      assert.ok(seconds >= 0);
      seen.push(`${kind} ${outcome}`);
    },
  });
  await docker.get("/nodes", z.unknown());
  await docker.stream("/tasks/abc123/logs?tail=5");
  await assert.rejects(docker.get("/services/abc123", z.unknown()));
  await docker.post("/configs/create", { Name: "a" });
  daemon.fault = () => "before";
  await assert.rejects(docker.get("/nodes", z.unknown()));
  assert.deepEqual(seen, [
    "/version 200",
    "/nodes 200",
    "/tasks/{id}/logs 200",
    "/services/{id} 404",
    "/configs/create 200",
    "/nodes error",
  ]);
});
