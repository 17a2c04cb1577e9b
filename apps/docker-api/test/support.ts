import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { Docker, type DockerOptions } from "../src/index.ts";
import { type FakeDaemon, FakeSwarm, startFakeDaemon } from "../fake/index.ts";

/** A client of a fake daemon, both closed with the test. */
export async function connected(
  t: TestContext,
  swarm = new FakeSwarm(),
  options: DockerOptions = {},
): Promise<{ readonly docker: Docker; readonly daemon: FakeDaemon; readonly swarm: FakeSwarm }> {
  const daemon = await startFakeDaemon(swarm);
  const docker = new Docker(daemon.host, options);
  t.after(() => Promise.all([docker.close(), daemon.close()]));
  return { docker, daemon, swarm };
}

/** A client of a server that answers as a test says; `/version` is a daemon's. */
export async function connectedTo(t: TestContext, listener: RequestListener, timeoutMs = 2_000): Promise<Docker> {
  const server = createServer((request, response) => {
    if (request.url === "/version") response.end('{"ApiVersion":"1.48","MinAPIVersion":"1.24"}');
    else listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const docker = new Docker(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, { timeoutMs });
  t.after(async () => {
    await docker.close();
    server.closeAllConnections();
    server.close();
  });
  return docker;
}
