import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { renderConfig, renderNode, renderService, renderTask } from "./render.ts";
import type { FakeSpec } from "./shapes.ts";
import type { FakeSwarm } from "./swarm.ts";

/**
 * Says what to do with a request: let it through, or cut the connection before or after it is
 * carried out, or refuse it.
 */
export type Fault = (method: string, path: string) => "before" | "after" | "refuse" | undefined;

/** A fake manager. */
export interface FakeDaemon {
  readonly host: string;
  readonly server: Server;
  fault: Fault;
  /** Writing requests so far, in order: method and path without ids. */
  readonly writes: string[];
  readonly close: () => Promise<void>;
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

interface ConfigSpec {
  readonly Name: string;
  readonly Data?: string;
  readonly Labels?: Record<string, string>;
}

const outOfSequence = (): Refusal => new Refusal(500, "rpc error: code = Unknown desc = update out of sequence");

function read(swarm: FakeSwarm, path: string): unknown {
  if (path === "/nodes") return [...swarm.nodes.values()].map(renderNode);
  if (path === "/services") return [...swarm.services.values()].map((one) => renderService(swarm, one));
  if (path === "/tasks") return [...swarm.tasks.values()].map(renderTask);
  if (path === "/configs") return [...swarm.configs.values()].map(renderConfig);
  const service = swarm.services.get(path.replace("/services/", ""));
  if (!service) throw new Refusal(404, `no such thing: ${path}`);
  return renderService(swarm, service);
}

function write(swarm: FakeSwarm, path: string, version: number, body: unknown): unknown {
  const [, kind, id = ""] = path.split("/");
  if (kind === "services") {
    const service = swarm.services.get(id);
    if (!service) throw new Refusal(404, `service ${id} not found`);
    if (service.version !== version) throw outOfSequence();
    swarm.change(service, body as FakeSpec);
    return { Warnings: null };
  }
  const spec = body as ConfigSpec;
  if (id === "create") {
    const taken = [...swarm.configs.values()].some(({ name }) => name === spec.Name);
    if (taken) throw new Refusal(409, `rpc error: code = AlreadyExists desc = config ${spec.Name} already exists`);
    const created = { id: swarm.newId(), name: spec.Name, data: spec.Data ?? "", labels: spec.Labels ?? {} };
    swarm.configs.set(created.id, { ...created, version: swarm.version() });
    return { ID: created.id };
  }
  const config = swarm.configs.get(id);
  if (!config) throw new Refusal(404, `config ${id} not found`);
  if (config.version !== version) throw outOfSequence();
  const same = config.name === spec.Name && (spec.Data === undefined || spec.Data === config.data);
  if (!same) throw new Refusal(400, "only updates to Labels are allowed");
  Object.assign(config, { labels: spec.Labels ?? {}, version: swarm.version() });
  return undefined;
}

/** Serves a fake swarm as a manager's Docker does, on a port of this machine; 0: a free one. */
export async function startFakeDaemon(swarm: FakeSwarm, port = 0): Promise<FakeDaemon> {
  const writes: string[] = [];
  const carryOut = (request: IncomingMessage, url: URL, body: unknown): { status: number; value: unknown } => {
    if (url.pathname === "/version") return { status: 200, value: { ApiVersion: "1.48", MinAPIVersion: "1.24" } };
    const path = url.pathname.replace(/^\/v1\.41/, "");
    if (request.method === "GET") return { status: 200, value: read(swarm, path) };
    writes.push(path.replace(/\/id\d+/, ""));
    try {
      return { status: 200, value: write(swarm, path, Number(url.searchParams.get("version")), body) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, value: { message: error.message } };
    }
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://fake");
    const fault = daemon.fault(request.method ?? "", url.pathname);
    if (fault === "before") {
      request.socket.destroy();
      return;
    }
    void (request.method === "POST" ? json(request) : Promise.resolve(undefined)).then((body) => {
      const { status, value } =
        fault === "refuse" ? { status: 400, value: { message: "no" } } : carryOut(request, url, body);
      if (fault === "after") request.socket.destroy();
      else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const daemon: FakeDaemon = {
    host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    fault: () => undefined,
    writes,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return daemon;
}
