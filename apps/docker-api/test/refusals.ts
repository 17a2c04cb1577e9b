import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { DockerError, OutOfSequence, wasRefused } from "../src/index.ts";
import { FakeSwarm, serviceSpec } from "../fake/index.ts";
import { connected, connectedTo } from "./support.ts";

const failure = async (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => undefined,
    (error: unknown) => error,
  );

test("an error of Docker has its status and message", async (t) => {
  const { docker } = await connected(t);
  const error = await failure(docker.get("/services/abc123", z.unknown()));
  assert.ok(error instanceof DockerError);
  assert.equal(error.status, 404);
  assert.match(error.message, /^Docker answers GET \/services\/\{id\} with 404: service \S+ not found$/);
});

test("an error of a proxy is shown as it is, but not without end", async (t) => {
  const docker = await connectedTo(t, (_, response) => {
    response.writeHead(502).end(`<html>bad gateway</html>${"x".repeat(9_000)}`);
  });
  const error = await failure(docker.get("/nodes", z.unknown()));
  assert.ok(error instanceof DockerError);
  assert.match(error.message, /with 502: <html>bad gateway<\/html>x+$/);
  assert.ok(error.message.length < 400);
});

test("a change of an object that was changed since it was read is out of sequence, whatever the status", async (t) => {
  const { docker, swarm } = await connected(t);
  const service = swarm.addService(serviceSpec("web"));
  const path = `/services/${service.id}/update?version=${service.version}`;
  swarm.scale(service, 2);
  assert.ok((await failure(docker.post(path, service.spec))) instanceof OutOfSequence);
  for (const status of [400, 409, 500]) {
    const other = await connectedTo(t, (_, response) => {
      response.writeHead(status).end('{"message":"rpc error: update out of sequence"}');
    });
    assert.ok((await failure(other.post("/configs/a/update?version=1", {}))) instanceof OutOfSequence, String(status));
  }
});

test("only Docker's own refusal makes it certain that a request was not carried out", async (t) => {
  const { docker, daemon } = await connected(t);
  const create = (Name: string) => failure(docker.post("/configs/create", { Name }));
  assert.equal(await create("a"), undefined);
  assert.ok(wasRefused(await create("a")));
  daemon.fault = (method) => (method === "POST" ? "after" : undefined);
  const unknown = await create("b");
  assert.ok(unknown instanceof Error && !wasRefused(unknown));
  daemon.fault = () => "refuse";
  assert.ok(wasRefused(await create("c")));
});

test("a request that is not allowed opens no connection", async (t) => {
  const requested: string[] = [];
  const { docker, daemon } = await connected(t, new FakeSwarm(), {
    allow: (method, target) => {
      requested.push(`${method} ${target}`);
      return target === "/version";
    },
  });
  await assert.rejects(docker.get("/secrets", z.unknown()), /this client may not send Docker GET \/v1\.41\/secrets/);
  await assert.rejects(docker.post("/swarm/leave?force=1", {}), /may not send Docker POST/);
  await assert.rejects(docker.stream("/events"), /may not send Docker GET/);
  assert.deepEqual(requested.slice(0, 2), ["GET /version", "GET /v1.41/secrets"]);
  assert.deepEqual(
    daemon.requests.map(({ url }) => url),
    ["/version"],
  );
});
