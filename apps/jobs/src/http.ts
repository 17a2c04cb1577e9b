import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Metrics } from "./metrics.ts";
import type { Status } from "./scheduler.ts";

interface Page {
  readonly status?: number;
  readonly type: string;
  readonly body: string;
}

const timeOf = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

/** The jobs, for people and `./farm doctor`; times in ISO 8601. */
export function stateOf(statuses: readonly Status[]): unknown {
  return statuses.map(({ service, run, next, leftOut, problem }) => ({
    service,
    state: run.state,
    due: timeOf(run.due),
    began: timeOf(run.began),
    ended: timeOf(run.ended),
    exitCode: run.exitCode ?? null,
    why: run.why ?? null,
    next: timeOf(next),
    leftOut: leftOut ? { due: timeOf(leftOut.due), why: leftOut.why } : null,
    problem: problem ?? null,
  }));
}

/**
 * Serves /healthz, /metrics and /state.
 *
 * @param alive whether the loop still turns: a Docker that is away is not cured by a restart
 */
export async function serve(
  port: number,
  statuses: () => readonly Status[],
  metrics: Metrics,
  alive: () => boolean,
): Promise<{ readonly server: Server; readonly port: number }> {
  const pages: Readonly<Record<string, () => Promise<Page> | Page>> = {
    "/healthz": () => ({
      status: alive() ? 200 : 503,
      type: "text/plain",
      body: alive() ? "ok\n" : "the loop hangs\n",
    }),
    "/metrics": async () => ({ type: metrics.registry.contentType, body: await metrics.registry.metrics() }),
    "/state": () => ({ type: "application/json", body: `${JSON.stringify(stateOf(statuses()))}\n` }),
  };
  const server = createServer((request, response) => {
    const page = request.method === "GET" ? pages[(request.url ?? "").replace(/\?.*$/, "")] : undefined;
    const found = Promise.resolve(page ? page() : { status: 404, type: "text/plain", body: "no\n" });
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
