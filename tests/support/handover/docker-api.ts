import { createServer, type Server, type ServerResponse } from "node:http";

/** A container of the load balancer as Docker knows it. */
export interface FakeContainer {
  readonly id: string;
  readonly address: string;
  readonly pid: number;
  /** Its environment. */
  readonly env: readonly string[];
}

/** Docker's API as far as the handover calls it, on a socket. */
export class FakeDocker {
  /** Newest first, as Docker lists them. */
  readonly containers: FakeContainer[] = [];
  private readonly listeners = new Set<ServerResponse>();
  private readonly events: string[] = [];
  private server: Server | undefined;

  constructor(private readonly socket: string) {}

  start(): Promise<void> {
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://docker");
      if (pathname === "/events") {
        // Docker sends those that it remembers first.
        for (const event of searchParams.has("since") ? this.events : []) response.write(event);
        response.flushHeaders();
        this.listeners.add(response);
        return;
      }
      const body = this.answer(pathname);
      response.statusCode = body === undefined ? 404 : 200;
      response.end(JSON.stringify(body ?? { message: "no such object" }));
    });
    this.server = server;
    return new Promise((resolve) => server.listen(this.socket, resolve));
  }

  stop(): void {
    for (const response of this.listeners) response.destroy();
    this.listeners.clear();
    this.server?.close();
    this.server?.closeAllConnections();
  }

  /** Says what happened to a container. */
  emit(action: "start" | "kill" | "die", id: string, attributes: Readonly<Record<string, string>> = {}): void {
    const Attributes = { "com.docker.swarm.service.name": "loadbalancer", ...attributes };
    const event = { status: action, id, Type: "container", Action: action, Actor: { ID: id, Attributes } };
    const line = `${JSON.stringify(event)}\n`;
    this.events.push(line);
    for (const response of this.listeners) response.write(line);
  }

  private answer(path: string): unknown {
    if (path === "/containers/json")
      return this.containers.map(({ id }) => ({
        Id: id,
        ImageID: `sha256:${"e".repeat(64)}`,
        Labels: { "com.docker.swarm.service.name": "loadbalancer", note: `"Id":"${"f".repeat(64)}"` },
      }));
    if (path === "/networks/docker_gwbridge")
      return {
        Id: "a".repeat(64),
        Containers: Object.fromEntries([
          ...this.containers.map(({ id, address }) => [
            id,
            { Name: `gateway_${id.slice(0, 12)}`, EndpointID: "b".repeat(64), IPv4Address: `${address}/16` },
          ]),
          ["ingress-sbox", { Name: "gateway_ingress-sbox", EndpointID: "c".repeat(64), IPv4Address: "172.30.9.9/16" }],
        ]) as unknown,
      };
    const found = this.containers.find(({ id }) => path === `/containers/${id}/json`);
    return found && { Id: found.id, State: { Running: true, Pid: found.pid }, Config: { Env: found.env } };
  }
}
