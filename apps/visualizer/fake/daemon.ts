import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { renderNode, renderService, renderTask } from "./render.ts";
import type { FakeTask } from "./shapes.ts";
import type { FakeEvent, FakeSwarm } from "./swarm.ts";

/** What the fake daemon can be made to do wrong, and what it has seen. */
export interface FakeDaemon {
  readonly server: Server;
  readonly requests: { readonly method: string; readonly url: string }[];
  apiVersion: string;
  manager: boolean;
  /** Answers every list with this status, as a manager without a quorum does. */
  failing: number | undefined;
  clockAheadMs: number;
  readonly streams: Set<ServerResponse>;
  readonly close: () => Promise<void>;
}

interface Filters {
  readonly id?: readonly string[];
  readonly service?: readonly string[];
  readonly "desired-state"?: readonly string[];
  readonly "_up-to-date"?: readonly string[];
}

const frame = (stream: number, text: string): Buffer => {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

function tasksOf(swarm: FakeSwarm, filters: Filters): readonly unknown[] {
  const fits = (task: FakeTask): boolean =>
    (filters.id?.includes(task.id) ?? true) &&
    (filters.service?.includes(task.serviceId) ?? true) &&
    (filters["desired-state"]?.includes(task.desired) ?? true) &&
    (!filters["_up-to-date"] || swarm.services.get(task.serviceId)?.image === task.image);
  return [...swarm.tasks.values()].flatMap((task) => {
    const service = swarm.services.get(task.serviceId);
    return service && fits(task) ? [renderTask(service, task)] : [];
  });
}

function logOf(swarm: FakeSwarm, id: string): Buffer {
  const at = new Date(swarm.now()).toISOString();
  const lines = Array.from({ length: 30 }, (_, i) => frame(1, `${at} GET /page/${i} 200 ${id.slice(0, 6)}\n`));
  return Buffer.concat([...lines, frame(2, `${at} warning: <b>not bold</b> ünïcode 漢字\n`)]);
}

/** Serves a fake swarm as Docker would; `listen` it on a socket or a port. */
export function makeFakeDaemon(swarm: FakeSwarm): FakeDaemon {
  const streams = new Set<ServerResponse>();
  const requests: { method: string; url: string }[] = [];

  const json = (response: ServerResponse, value: unknown, status = 200): void => {
    response.writeHead(status, { "content-type": "application/json", "api-version": daemon.apiVersion });
    response.end(JSON.stringify(value));
  };
  const events = (response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    streams.add(response);
    response.on("close", () => streams.delete(response));
  };
  const answer = (path: string, query: URLSearchParams, response: ServerResponse): void => {
    if (daemon.failing !== undefined && !/^\/(version|info)$/.test(path)) {
      json(response, { message: "rpc error: code = Unknown desc = The swarm does not have a leader" }, daemon.failing);
      return;
    }
    const filters = JSON.parse(query.get("filters") ?? "{}") as Filters;
    const log = /^\/tasks\/(\w+)\/logs$/.exec(path)?.[1];
    if (log) {
      response.writeHead(200, { "content-type": "application/vnd.docker.multiplexed-stream" });
      response.end(logOf(swarm, log));
    } else if (path === "/version") {
      json(response, { Version: "27.3.1", ApiVersion: daemon.apiVersion, MinAPIVersion: "1.24", Os: "linux" });
    } else if (path === "/info") {
      const SystemTime = new Date(swarm.now() + daemon.clockAheadMs).toISOString();
      const state = daemon.manager ? "active" : "inactive";
      json(response, {
        Name: "manager1",
        SystemTime,
        Swarm: { LocalNodeState: state, ControlAvailable: daemon.manager },
      });
    } else if (path === "/nodes") json(response, [...swarm.nodes.values()].map(renderNode));
    else if (path === "/services") json(response, servicesOf(swarm));
    else if (path === "/tasks") json(response, tasksOf(swarm, filters));
    else if (path === "/events") events(response);
    else json(response, { message: "page not found" }, 404);
  };

  const server = createServer((request: IncomingMessage, response) => {
    const { method = "", url = "" } = request;
    requests.push({ method, url });
    // A long run must not grow by its own notes.
    if (requests.length > 10_000) requests.splice(0, 5_000);
    const { pathname, searchParams } = new URL(url, "http://docker");
    answer(pathname.replace(/^\/v[\d.]+/, ""), searchParams, response);
  });
  const onEvent = (event: FakeEvent): void => {
    const nanos = BigInt(swarm.now()) * 1_000_000n;
    const line = JSON.stringify({ ...event, scope: "swarm", time: 0, timeNano: 0 }).replace(
      '"timeNano":0',
      `"timeNano":${nanos}`,
    );
    for (const stream of streams) stream.write(`${line}\n`);
  };
  swarm.on("event", onEvent);

  const daemon: FakeDaemon = {
    server,
    requests,
    apiVersion: "1.47",
    manager: true,
    failing: undefined,
    clockAheadMs: 0,
    streams,
    close: () =>
      new Promise((resolve) => {
        swarm.off("event", onEvent);
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return daemon;
}

function servicesOf(swarm: FakeSwarm): readonly unknown[] {
  const running = new Map<string, number>();
  for (const task of swarm.alive()) {
    if (task.state === "running") running.set(task.serviceId, (running.get(task.serviceId) ?? 0) + 1);
  }
  return [...swarm.services.values()].map((service) =>
    renderService(service, running.get(service.id) ?? 0, swarm.wanted(service)),
  );
}
