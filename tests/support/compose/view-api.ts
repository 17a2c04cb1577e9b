import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { object, text } from "./json";
import type { Json, JsonObject, Recorded } from "./recording-api";

const kinds = ["services", "networks", "secrets", "configs"] as const;

/** Docker's API of a manager on which something runs: one task of each service, on one node. It lists, and records what is removed. */
export class ViewApi {
  /** Paths of what a client removed. */
  readonly removed: string[] = [];
  readonly #server: Server;

  private constructor(private readonly recorded: Recorded) {
    this.#server = createServer(({ method = "GET", url = "/" }, response) => {
      const { pathname, searchParams } = new URL(url, "http://docker");
      const path = pathname.replace(/^\/v[\d.]+/, "");
      if (method === "DELETE") this.removed.push(path);
      const answer = this.#answer(path, searchParams.get("filters") ?? "{}");
      response.writeHead(200, { "Api-Version": "1.50", "Content-Type": "application/json", Ostype: "linux" });
      response.end(method === "GET" ? JSON.stringify(answer) : undefined);
    });
    this.#server.keepAliveTimeout = 0;
  }

  static async start(recorded: Recorded): Promise<ViewApi> {
    const api = new ViewApi(recorded);
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get host(): string {
    return `tcp://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(path: string, filters: string): Json {
    if (path === "/_ping") return "OK";
    if (path === "/info") return { Swarm: { LocalNodeState: "active", ControlAvailable: true } };
    if (path.startsWith("/nodes/")) return { ID: "n1", Description: { Hostname: "worker1" } };
    const { label } = JSON.parse(filters) as { label?: Readonly<Record<string, boolean>> | readonly string[] };
    const requested = Array.isArray(label) ? (label as readonly string[]) : Object.keys(label ?? {});
    const [, kind] = path.split("/");
    // Swarm finds tasks by the labels of their service.
    if (kind === "tasks") return this.#labelled("services", requested).map(([name, spec]) => taskOf(name, spec));
    const known = kinds.find((each) => each === kind);
    if (known === undefined) return {};
    return this.#labelled(known, requested).map(([name, spec]) => listed(name, spec));
  }

  #labelled(kind: (typeof kinds)[number], requested: readonly string[]): readonly (readonly [string, JsonObject])[] {
    return [...this.recorded[kind]].filter(([, spec]) => {
      const labels = object(spec.Labels);
      return requested.every((each) => {
        const [name = "", value] = each.split("=");
        return Object.hasOwn(labels, name) && (value === undefined || labels[name] === value);
      });
    });
  }
}

function listed(name: string, spec: JsonObject): Json {
  const status = { RunningTasks: 1, DesiredTasks: 1 };
  return { ...spec, ID: name, Id: name, Version: { Index: 1 }, Spec: spec, ServiceStatus: status };
}

function taskOf(service: string, { TaskTemplate }: JsonObject): Json {
  const Status = { State: "running", Timestamp: "2026-01-01T00:00:00Z" };
  const Spec = { ContainerSpec: { Image: text(object(object(TaskTemplate).ContainerSpec).Image) ?? "" } };
  return { ID: `${service}-task`, ServiceID: service, NodeID: "n1", Slot: 1, DesiredState: "running", Status, Spec };
}
