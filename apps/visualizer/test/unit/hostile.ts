import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { smallSwarm, stage, untilRead } from "../helpers.ts";

const onList =
  /^\/(v1\.41\/)?(version|info|nodes|services\?status=true|tasks\?filters=[^&]+|events\?since=[^&]+&filters=[^&]+|tasks\/[a-z0-9]+\/logs\?stdout=1&stderr=1&timestamps=1&tail=200)$/;

const methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "PROPFIND"];
const paths = [
  "/services/create",
  "/v1.41/containers/create",
  "/v1.41/swarm/leave?force=1",
  "/nodes/x/update?version=1",
  "/v1.41/secrets",
  "/state/../v1.41/secrets",
  "/log/../../secrets",
  "/log/..%2f..%2fsecrets",
  "/log/x%0d%0aPOST%20/swarm/leave",
  "/log/TASK/../../secrets",
  "/log/TASK%3ffollow=1",
  "/log/TASK?tail=all&follow=1",
  "/log/__proto__",
  "/stream?since=%00",
  "/history?before=../../etc/passwd",
  "/%2e%2e/%2e%2e/etc/passwd",
  "http://docker/v1.41/secrets",
  "//v1.41/secrets",
  "/app.js/../../server.js",
];

/** Sends a request as written, which no client library would do, and returns what came within a moment. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let got = "";
  socket.on("data", (chunk) => (got += chunk.toString()));
  socket.on("error", () => undefined);
  socket.write(text);
  await Promise.race([once(socket, "close"), sleep(60)]);
  socket.destroy();
  return got;
}

function requestsFor(task: string): readonly string[] {
  const head = "host: x\r\nconnection: close\r\n";
  const body = "content-length: 2\r\ncontent-type: application/json\r\n";
  return paths
    .map((path) => path.replace("TASK", task))
    .flatMap((path) => [
      ...methods.map((method) => `${method} ${path} HTTP/1.1\r\n${head}${body}\r\n{}`),
      `GET ${path} HTTP/1.1\r\n${head}upgrade: tcp\r\nconnection: upgrade\r\n\r\n`,
      `GET ${path} HTTP/1.1\r\n${head}x-http-method-override: DELETE\r\n\r\n`,
      `GET / HTTP/1.1\r\n${head}\r\nPOST ${path} HTTP/1.1\r\n${head}\r\n`,
    ]);
}

async function sendAll(port: number, requests: readonly string[]): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let at = 0; at < requests.length; at += 25) {
    answers.push(...(await Promise.all(requests.slice(at, at + 25).map((one) => raw(port, one)))));
  }
  return answers;
}

test("no request to the page makes it send Docker anything but the fixed reads", async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  const [task = ""] = on.swarm.tasks.keys();
  const before = JSON.stringify([...on.swarm.services.values(), ...on.swarm.nodes.values()]);
  const answers = await sendAll(on.server.port, requestsFor(task));
  assert.ok(answers.length > 200);
  assert.ok(answers.every((answer) => !answer.includes("root:x:")));
  await fetch(`${on.url}log/${task}`);
  for (const { method, url } of on.docker.daemon.requests) {
    assert.equal(method, "GET");
    assert.match(url, onList);
  }
  assert.ok(on.docker.daemon.requests.some(({ url }) => url.includes("/logs?")));
  assert.equal(JSON.stringify([...on.swarm.services.values(), ...on.swarm.nodes.values()]), before);
});
