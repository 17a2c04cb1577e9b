import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** As much of JSON as Docker's API has. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Objects that a client created in a swarm, by kind and name. */
export type Recorded = Readonly<
  Record<"networks" | "secrets" | "configs" | "services", ReadonlyMap<string, JsonObject>>
>;

export type JsonObject = Readonly<Record<string, Json>>;

const kinds = ["networks", "secrets", "configs", "services"] as const;

/**
 * Docker's API of a manager that has nothing, on loopback: it makes nothing, and records what it is asked to make. The id of
 * everything is its name.
 */
export class RecordingApi {
  /** How many requests were made, by method, kind and verb: `GET services`, `POST services create`. */
  readonly requests = new Map<string, number>();
  readonly #server: Server;
  #made = empty();

  private constructor() {
    this.#server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const [status, answer] = this.#answer(request.method ?? "GET", request.url ?? "/", body);
        response.writeHead(status, { "Api-Version": "1.50", "Content-Type": "application/json", Ostype: "linux" });
        response.end(request.method === "HEAD" ? undefined : JSON.stringify(answer));
      });
    });
  }

  static async start(): Promise<RecordingApi> {
    const api = new RecordingApi();
    // A client that takes up a connection while the server closes it fails.
    api.#server.keepAliveTimeout = 0;
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get host(): string {
    return `tcp://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Objects created and changed since `take`. */
  get made(): Recorded {
    return this.#made;
  }

  /** Objects created since the last call; the API forgets them. */
  take(): Recorded {
    const made = this.#made;
    this.#made = empty();
    return made;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(method: string, url: string, body: string): readonly [number, Json] {
    const { pathname, searchParams } = new URL(url, "http://docker");
    const path = pathname.replace(/^\/v[\d.]+/, "");
    if (path === "/_ping") return [200, "OK"];
    if (path === "/version") return [200, { ApiVersion: "1.50" }];
    if (path === "/info") return [200, { Swarm: { LocalNodeState: "active", ControlAvailable: true } }];
    const [, kind = "", name, verb] = path.split("/");
    this.#count([method, kind, method === "POST" ? (verb ?? name) : undefined]);
    const known = kinds.find((each) => each === kind);
    if (known === undefined) return [404, { message: `no ${path}` }];
    if (method === "POST" && name === "create") return [201, this.#make(known, JSON.parse(body) as JsonObject)];
    if (method === "POST" && verb === "update") return [200, this.#make(known, JSON.parse(body) as JsonObject)];
    if (name === undefined) return [200, this.#list(known, searchParams.get("filters"))];
    if (known === "networks") return [200, { ...this.#made[known].get(name), Name: name, Id: name, Scope: "swarm" }];
    const made = this.#made[known].get(name);
    return made ? [200, { ID: name, Version: { Index: 1 }, Spec: made }] : [404, { message: `${name} not found` }];
  }

  #count(words: readonly (string | undefined)[]): void {
    const request = words.filter(Boolean).join(" ");
    this.requests.set(request, (this.requests.get(request) ?? 0) + 1);
  }

  #make(kind: (typeof kinds)[number], spec: JsonObject): Json {
    const name = typeof spec.Name === "string" ? spec.Name : "";
    this.#made[kind].set(name, spec);
    return { ID: name, Id: name };
  }

  /** Clients look up the ids of the configs and secrets that they name: every name is there. */
  #list(kind: (typeof kinds)[number], filters: string | null): Json {
    if (kind === "services")
      // Pulumi's plugin asks for all of them after each that it makes, and then for the one.
      return [...this.#made[kind].keys()].map((name) => ({ ID: name, Spec: { Name: name } }));
    if (filters === null || kind === "networks") return [];
    const { name: names = {} } = JSON.parse(filters) as { name?: JsonObject };
    return Object.keys(names).map((name) => ({ ID: name, Spec: { Name: name } }));
  }
}

function empty(): Record<(typeof kinds)[number], Map<string, JsonObject>> {
  return { networks: new Map(), secrets: new Map(), configs: new Map(), services: new Map() };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
