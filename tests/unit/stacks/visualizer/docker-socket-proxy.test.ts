import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { allowedTargets, socketProxyConfig } from "../../../../stacks/visualizer/docker-socket-proxy";
import { withTemp } from "../../../support/proxy-program";
import { nginx, nginxFolder, startNginx, type Running } from "../../../support/nginx";
import { blocksOf, readNginx } from "../../../support/nginx-conf";

test("the configuration is well-formed and has the whole list, and nothing but it leads to Docker", () => {
  const whole = readNginx(socketProxyConfig("/var/run/docker.sock"));
  const [map] = blocksOf(whole, "map");
  expect(map?.lines).toEqual(["default 0;", ...allowedTargets().map((target) => `'~${target}' 1;`)]);
  const leading = blocksOf(whole, "location").filter(({ lines }) =>
    lines.some((line) => line.startsWith("proxy_pass ")),
  );
  expect(leading.map(({ head }) => head)).toEqual(["location = /health", "location /"]);
});

const passed = [
  "/version",
  "/v1.41/info",
  "/v1.41/nodes",
  "/v1.41/services?status=true",
  `/v1.41/tasks?filters=${encodeURIComponent('{"desired-state":["running","shutdown"]}')}`,
  '/v1.41/tasks?filters={"desired-state":["running"]}',
  "/v1.41/events?since=1700000000.123&filters=%7B%22type%22%3A%5B%22node%22%5D%7D",
  "/v1.41/tasks/abc123/logs?stdout=1&stderr=1&timestamps=1&tail=200",
];

const refused = [
  "/",
  "/_ping",
  "/v1.45/secrets",
  "/v1.45/configs",
  "/v1.45/containers/json",
  "/v1.45/containers/x/archive?path=/etc/shadow",
  "/v1.45/swarm/unlockkey",
  "/v1.45/services/web",
  "/v1.45/../secrets",
  "/v1.45/nodes/../secrets",
  "/v1.45/secrets/../nodes",
  "/v1.45/nodes/%2e%2e/secrets",
  "/v1.45/nodes%2f..%2fsecrets",
  "/v1.45/secrets%3f/nodes",
  "/v1.45//nodes",
  "//nodes",
  "//v1.45/nodes",
  "/./nodes",
  "/nodes/",
  "/nodes?",
  "/nodes?filters={}",
  "/nodes;x",
  "/%6eodes",
  "/v145.1.1/nodes",
  "/events?since=1&since=2",
  "/events?filters={}#x",
  "/services?status=true&x=1",
  "/tasks/a/logs?follow=1",
  "/tasks/a/logs?tail=1&tail=2",
  "/tasks/..%2fx/logs",
  "/session",
  "/grpc",
];

(nginx === undefined ? describe.skip : describe)(`against ${nginx ?? "nginx (none is installed)"}`, () => {
  /** Method, target and headers of what reached Docker. */
  let seen: string[] = [];
  let docker: Server;
  let proxy: Running;
  let listens = "";

  beforeAll(async () => {
    const folder = nginxFolder();
    const socket = join(folder, "docker.sock");
    listens = join(folder, "proxy.sock");
    docker = createServer((request, response) => {
      seen.push(`${request.method ?? ""} ${request.url ?? ""} ${Object.keys(request.headers).sort().join(",")}`);
      response.setHeader("content-type", "application/json");
      // A stream that goes on: what is written is to arrive at once.
      response.write("first\n");
      if (!request.url?.includes("/events")) response.end();
    }).listen(socket);
    const config = withTemp(socketProxyConfig(socket, `unix:${listens}`), folder);
    proxy = await startNginx(nginx ?? "", config, folder, listens);
  });

  afterAll(async () => {
    docker.closeAllConnections();
    docker.close();
    await proxy.stop();
  });

  beforeEach(() => {
    seen = [];
  });

  /** Sends a request as written, and returns what came when the connection ended, or once `enough` is in it. */
  function raw(text: string, enough?: string): Promise<string> {
    return new Promise((resolve) => {
      let got = "";
      const socket = connect(listens, () => socket.write(text));
      socket.on("data", (data) => {
        got += data.toString();
        if (enough !== undefined && got.includes(enough)) socket.destroy();
      });
      socket.on("error", () => undefined);
      socket.on("close", () => {
        resolve(got);
      });
    });
  }

  const head = "host: x\r\nconnection: close\r\n";
  const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);

  test.each(passed)(
    "%s reaches Docker as it is, without a header of the client's, and its answer comes at once",
    async (target) => {
      const answer = await raw(`GET ${target} HTTP/1.1\r\n${head}x-secret: 1\r\ncookie: a=b\r\n\r\n`, "first");
      expect(statusOf(answer)).toBe(200);
      expect(seen).toEqual([`GET ${target} host`]);
    },
  );

  test.each(refused)("%s is refused", async (target) => {
    expect([400, 403]).toContain(statusOf(await raw(`GET ${target} HTTP/1.1\r\n${head}\r\n`)));
    expect(seen).toEqual([]);
  });

  test.each(["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"])(
    "%s is refused, whatever the path",
    async (method) => {
      const answer = await raw(`${method} /v1.45/nodes HTTP/1.1\r\n${head}content-length: 2\r\n\r\n{}`);
      expect([400, 405]).toContain(statusOf(answer));
      expect(seen).toEqual([]);
    },
  );

  test("an upgrade is refused, and no other method is taken from a header", async () => {
    const upgrade = "host: x\r\nconnection: upgrade\r\nupgrade: tcp\r\n";
    expect(statusOf(await raw(`GET /v1.45/nodes HTTP/1.1\r\n${upgrade}\r\n`, "passes"))).toBe(403);
    await raw(`GET /v1.45/nodes HTTP/1.1\r\n${head}x-http-method-override: DELETE\r\n\r\n`);
    expect(seen).toEqual(["GET /v1.45/nodes host"]);
  });

  test("a body is not passed on, and a second request in it is one of its own", async () => {
    const inner = `POST /v1.45/swarm/leave HTTP/1.1\r\n${head}\r\n`;
    const length = `content-length: ${String(inner.length)}\r\n`;
    await raw(`GET /v1.45/nodes HTTP/1.1\r\n${head}${length}\r\n${inner}`);
    await raw(`GET /v1.45/nodes HTTP/1.1\r\nhost: x\r\n\r\n${inner}`);
    expect(seen).toEqual(["GET /v1.45/nodes host", "GET /v1.45/nodes host"]);
  });

  test("whatever is requested, only requests of the list reach Docker", async () => {
    const list = allowedTargets().map((target) => new RegExp(target));
    const pieces =
      "/ // . .. %2e %2f %00 v1.41 nodes services tasks events secrets logs info ? & = # a {} since=1".split(" ");
    const target = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((some) => `/${some.join("")}`);
    await fc.assert(
      fc.asyncProperty(target, async (requested) => {
        seen = [];
        await raw(`GET ${requested} HTTP/1.1\r\n${head}\r\n`, "first");
        for (const line of seen) {
          const sent = line.split(" ")[1] ?? "";
          expect([sent, list.some((one) => one.test(sent))]).toEqual([requested.replace(/#.*/, ""), true]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a client that leaves ends the stream at Docker", async () => {
    const ended = new Promise<void>((resolve) =>
      docker.once("request", (_, response: { on(event: string, call: () => void): void }) => {
        response.on("close", resolve);
      }),
    );
    await raw(`GET /v1.41/events HTTP/1.1\r\n${head}\r\n`, "first");
    await ended;
  });

  test("answers 502 with a message if Docker does not answer", async () => {
    await new Promise((resolve) => {
      docker.closeAllConnections();
      docker.close(resolve);
    });
    const answer = await raw(`GET /version HTTP/1.1\r\n${head}\r\n`);
    expect(statusOf(answer)).toBe(502);
    expect(answer).toContain("docker socket proxy: docker does not answer");
  });
});
