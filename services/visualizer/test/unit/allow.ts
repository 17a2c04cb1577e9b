import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { allowedTarget } from "../../server/docker/allow.ts";
import { Docker } from "../../server/docker/client.ts";

const allowed =
  /^(\/v\d{1,2}\.\d{1,3})?\/(version|info|nodes|services|tasks|events|tasks\/[a-z0-9]{1,64}\/logs)(\?[\w.%&=+*-]*)?$/;

test("what the page needs may be sent", () => {
  for (const target of [
    "/version",
    "/v1.41/info",
    "/v1.41/nodes",
    "/v1.41/services?status=true",
    `/v1.41/tasks?filters=${encodeURIComponent('{"desired-state":["running"]}')}`,
    "/v1.41/events?since=1700000000.123",
    "/v1.41/tasks/abc123/logs?stdout=1&stderr=1&timestamps=1&tail=200",
  ]) {
    assert.ok(allowedTarget("GET", target), target);
  }
});

test("nothing that writes, and nothing else that reads, may be sent", () => {
  for (const [method, target] of [
    ["POST", "/nodes"],
    ["get", "/nodes"],
    ["DELETE", "/v1.41/services/web"],
    ["GET", "/v1.41/secrets"],
    ["GET", "/v1.41/configs"],
    ["GET", "/v1.41/services/web"],
    ["GET", "/v1.41/containers/json"],
    ["GET", "/v1.41/containers/x/archive?path=/etc/shadow"],
    ["GET", "/v1.41/swarm"],
    ["GET", "/v1.41/swarm/unlockkey"],
    ["GET", "/v1.41/../secrets"],
    ["GET", "/v1.41/nodes/../secrets"],
    ["GET", "/v1.41/nodes%2f..%2fsecrets"],
    ["GET", "/v1.41//secrets"],
    ["GET", "//nodes"],
    ["GET", "/nodes?"],
    ["GET", "/nodes?filters={}"],
    ["GET", "/nodes?a=1?b=2"],
    ["GET", "/tasks/a/logs?follow=1"],
    ["GET", "/tasks/a/logs?tail=all"],
    ["GET", "/tasks/a/logs?tail=1&tail=2"],
    ["GET", "/tasks/../secrets/logs"],
    ["GET", "/nodes HTTP/1.1\r\nX: y"],
    ["GET", "/nodes\r\n\r\nPOST /swarm/leave HTTP/1.1"],
    ["GET", "/nodes#/secrets"],
    ["GET", "http://docker/nodes"],
    ["GET", "/services?__proto__=1"],
    ["GET", "/services?constructor=1"],
  ] as const) {
    const target_ = allowedTarget(method, target);
    assert.ok(target_ === undefined || target_ === "/nodes", `${method} ${target} became ${target_}`);
  }
});

const piece = fc.constantFrom(
  ..."/ // .. %2e%2e %2f v1.41 /v1.41 nodes services tasks events secrets configs containers logs ? & = # a \r\n \0 {}".split(
    " ",
  ),
  ...["filters={}", "status=1", "since=1", "tail=5", "\u2028", "é"],
);

test("whatever is asked for, what is sent is on the list and means the same when read again", () => {
  const target = fc.oneof(
    fc.array(piece, { maxLength: 10 }).map((pieces) => `/${pieces.join("")}`),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.constantFrom("GET", "POST", "PUT", "DELETE", "HEAD"), target, (method, asked) => {
      const sent = allowedTarget(method, asked);
      if (sent === undefined) return;
      assert.equal(method, "GET");
      assert.match(sent, allowed);
      assert.equal(allowedTarget("GET", sent), sent);
    }),
    { numRuns: 2_000 },
  );
});

test("the client refuses before it opens a connection", async () => {
  const docker = new Docker("unix:///nowhere.sock");
  await assert.rejects(docker.get("/v1.41/secrets"), /not a path this server may ask Docker for/);
  await docker.close();
});
