import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeSwarm, startFakeDaemon } from "@swarm-farm/docker-api/fake";
import fc from "fast-check";
import { isAllowed } from "../../server/docker/allow.ts";
import { readOnlyDocker } from "../../server/docker/client.ts";

const allowed =
  /^(\/v\d{1,2}\.\d{1,3})?\/(version|info|nodes|services|tasks|events|tasks\/[a-z0-9]{1,64}\/logs)(\?[\w.%&=+*!~":,{}[\]-]*)?$/;

test("the requests that the page needs are allowed", () => {
  for (const target of [
    "/version",
    "/v1.41/info",
    "/v1.41/nodes",
    "/v1.41/services?status=true",
    `/v1.41/tasks?filters=${encodeURIComponent('{"desired-state":["running"]}')}`,
    "/v1.41/events?since=1700000000.123",
    "/v1.41/tasks/abc123/logs?stdout=1&stderr=1&timestamps=1&tail=200",
  ]) {
    assert.ok(isAllowed(target), target);
  }
});

test("nothing that writes, and nothing else that reads, may be sent", () => {
  for (const target of [
    "/v1.41/secrets",
    "/v1.41/configs",
    "/v1.41/services/web",
    "/v1.41/containers/json",
    "/v1.41/containers/x/archive?path=/etc/shadow",
    "/v1.41/swarm",
    "/v1.41/swarm/unlockkey",
    "/v1.41/../secrets",
    "/v1.41/nodes/../secrets",
    "/v1.41/nodes%2f..%2fsecrets",
    "/v1.41//secrets",
    "//nodes",
    "/nodes?",
    "/nodes?filters={}",
    "/nodes?a=1?b=2",
    "/tasks/a/logs?follow=1",
    "/tasks/a/logs?tail=all",
    "/tasks/a/logs?tail=1&tail=2",
    "/tasks/a/logs?tail=1&stdout=1&tail=2",
    "/tasks/../secrets/logs",
    "/events?since=1&since=2",
    "/events?filters={}&filters={}",
    "/nodes HTTP/1.1\r\nX: y",
    "/nodes\r\n\r\nPOST /swarm/leave HTTP/1.1",
    "/nodes\n",
    "/nodes#/secrets",
    "http://docker/nodes",
    "/services?__proto__=1",
    "/services?constructor=1",
  ]) {
    assert.ok(!isAllowed(target), target);
  }
});

const piece = fc.constantFrom(
  ..."/ // .. %2e%2e %2f v1.41 /v1.41 nodes services tasks events secrets configs containers logs ? & = # a \r\n \0 {}".split(
    " ",
  ),
  ...["filters={}", "status=1", "since=1", "tail=5", "\u2028", "é"],
);

test("whatever is requested, only a path of the list with a query of plain characters is sent", () => {
  const target = fc.oneof(
    fc.array(piece, { maxLength: 10 }).map((pieces) => `/${pieces.join("")}`),
    fc.string(),
  );
  fc.assert(
    fc.property(target, (requested) => {
      if (isAllowed(requested)) assert.match(requested, allowed);
    }),
    { numRuns: 2_000 },
  );
});

test("the client sends a daemon no other request", async (t) => {
  const daemon = await startFakeDaemon(new FakeSwarm());
  const docker = readOnlyDocker(daemon.host);
  t.after(() => Promise.all([docker.close(), daemon.close()]));
  await assert.rejects(docker.stream("/secrets"), /may not send Docker GET \/v1\.41\/secrets/);
  await assert.rejects(docker.post("/services?status=true", {}), /may not send Docker POST/);
  assert.deepEqual(
    daemon.requests.map(({ url }) => url),
    ["/version"],
  );
});
