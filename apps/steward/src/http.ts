import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Metrics } from "./metrics.ts";
import type { Steward } from "./steward.ts";

/** Current decisions of the steward and their reasons, for people. */
export function stateOf({ lease, decision, error }: Steward): unknown {
  return {
    id: lease.id,
    holder: lease.holder,
    held: lease.held,
    error: error ?? null,
    move: lease.memory.move ? { ...lease.memory.move, next: decision?.step?.why ?? null, until: undefined } : null,
    rebalance: decision?.plan ?? null,
    autoscale: (decision?.scalings ?? []).map(({ service, replicas, held, reason }) => ({
      service: service.name,
      replicas: service.replicas,
      calledFor: replicas,
      held: held ?? null,
      reason,
    })),
    badPolicies: decision?.problems ?? [],
  };
}

/** Serves /healthz, /metrics and /state. `alive`: whether the loop still turns. */
export async function serve(
  port: number,
  steward: Steward,
  metrics: Metrics,
  alive: () => boolean,
): Promise<{ readonly server: Server; readonly port: number }> {
  const pages: Readonly<Record<string, () => Promise<{ status?: number; type: string; body: string }>>> = {
    // Docker or Prometheus being away is not cured by a restart: only a loop that hangs is.
    "/healthz": () =>
      Promise.resolve(
        alive() ? { type: "text/plain", body: "ok\n" } : { status: 503, type: "text/plain", body: "the loop hangs\n" },
      ),
    "/metrics": async () => ({ type: metrics.registry.contentType, body: await metrics.registry.metrics() }),
    "/state": () =>
      Promise.resolve({ type: "application/json", body: `${JSON.stringify(stateOf(steward), undefined, 2)}\n` }),
  };
  const server = createServer((request, response) => {
    const page = pages[(request.url ?? "").replace(/\?.*$/, "")];
    const found =
      request.method === "GET" && page ? page() : Promise.resolve({ status: 404, type: "text/plain", body: "no\n" });
    void found.then(
      ({ status = 200, type, body }) => response.writeHead(status, { "content-type": type }).end(body),
      (error: unknown) => response.writeHead(500).end(`${String(error)}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}
