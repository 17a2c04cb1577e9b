import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { logOf, read } from "./read.ts";
import type { FakeEvent } from "./shapes.ts";
import type { FakeSwarm } from "./swarm.ts";
import { Refusal, write } from "./write.ts";

/** Treatment of a request: it is answered, its connection is cut before or after it is carried out, or it is refused. */
export type Fault = (method: string, path: string) => "before" | "after" | "refuse" | undefined;

/** A fake manager, what it can be made to do wrong, and what it has seen. */
export interface FakeDaemon {
  /** For `DOCKER_HOST`. */
  readonly host: string;
  readonly requests: { readonly method: string; readonly url: string }[];
  /** Writing requests in order, as paths without ids. */
  readonly writes: string[];
  /** Open streams of events. */
  readonly streams: Set<ServerResponse>;
  fault: Fault;
  apiVersion: string;
  manager: boolean;
  /** Answers all lists with this status, as a manager without a quorum does. */
  failing: number | undefined;
  readonly close: () => Promise<void>;
}

/** A long run must not grow by its own notes. */
const requestsKept = { most: 10_000, dropped: 5_000 };

function eventLine(event: FakeEvent, now: number): string {
  // More digits than a number of JavaScript has.
  const line = JSON.stringify({ ...event, scope: "swarm", time: Math.floor(now / 1000), timeNano: 0 });
  return `${line.replace('"timeNano":0', `"timeNano":${BigInt(Math.round(now)) * 1_000_000n}`)}\n`;
}

function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function infoOf(daemon: FakeDaemon, swarm: FakeSwarm): unknown {
  const state = daemon.manager ? "active" : "inactive";
  const SystemTime = new Date(swarm.now()).toISOString();
  return { Name: "manager1", SystemTime, Swarm: { LocalNodeState: state, ControlAvailable: daemon.manager } };
}

function get(daemon: FakeDaemon, swarm: FakeSwarm, { pathname, searchParams }: URL, response: ServerResponse): void {
  const path = pathname.replace(/^\/v[\d.]+/, "");
  const log = /^\/tasks\/(\w+)\/logs$/.exec(path)?.[1];
  if (path === "/version") {
    sendJson(response, { Version: "28.0.0", ApiVersion: daemon.apiVersion, MinAPIVersion: "1.24", Os: "linux" });
  } else if (path === "/info") sendJson(response, infoOf(daemon, swarm));
  else if (daemon.failing !== undefined) {
    throw new Refusal(daemon.failing, "rpc error: code = Unknown desc = The swarm does not have a leader");
  } else if (path === "/events") {
    response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    daemon.streams.add(response);
    response.on("close", () => daemon.streams.delete(response));
  } else if (log) {
    response.writeHead(200, { "content-type": "application/vnd.docker.multiplexed-stream" }).end(logOf(swarm, log));
  } else sendJson(response, read(swarm, path, searchParams));
}

async function answer(daemon: FakeDaemon, swarm: FakeSwarm, request: IncomingMessage, response: ServerResponse) {
  const { method = "", url: target = "" } = request;
  daemon.requests.push({ method, url: target });
  if (daemon.requests.length > requestsKept.most) daemon.requests.splice(0, requestsKept.dropped);
  const url = new URL(target, "http://docker");
  const fault = daemon.fault(method, url.pathname);
  const body = method === "POST" ? await json(request) : undefined;
  if (fault === "before") {
    request.socket.destroy();
    return;
  }
  try {
    if (fault === "refuse") throw new Refusal(400, "no");
    if (method === "GET") {
      get(daemon, swarm, url, response);
      return;
    }
    const path = url.pathname.replace(/^\/v[\d.]+/, "");
    daemon.writes.push(path.replace(/\/id\d+/, ""));
    const value = write(swarm, path, Number(url.searchParams.get("version")), body);
    if (fault === "after") request.socket.destroy();
    else sendJson(response, value);
  } catch (error) {
    if (fault === "after") request.socket.destroy();
    else if (error instanceof Refusal) sendJson(response, { message: error.message }, error.status);
    else throw error;
  }
}

/** @param at a port of this machine, 0 for a free one, or the path of a socket. */
export async function startFakeDaemon(swarm: FakeSwarm, at: number | string = 0): Promise<FakeDaemon> {
  const server: Server = createServer((request, response) => void answer(daemon, swarm, request, response));
  const onEvent = (event: FakeEvent): void => {
    for (const stream of daemon.streams) stream.write(eventLine(event, swarm.now()));
  };
  swarm.on("event", onEvent);
  await new Promise<void>((resolve) => {
    if (typeof at === "string") server.listen(at, resolve);
    else server.listen(at, "127.0.0.1", resolve);
  });
  const daemon: FakeDaemon = {
    host: typeof at === "string" ? `unix://${at}` : `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    writes: [],
    streams: new Set(),
    fault: () => undefined,
    apiVersion: "1.48",
    manager: true,
    failing: undefined,
    close: async () => {
      swarm.off("event", onEvent);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return daemon;
}
