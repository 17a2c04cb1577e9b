import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of a test on a free port of 127.0.0.1. */
export interface Served {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a server that answers so; the URL is parsed, since each has its answer in the query. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, url: URL) => void,
): Promise<Served> {
  const server = createServer((request, response) => {
    answer(request, response, new URL(request.url ?? "/", "http://server"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
