import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";

/** A server of a test on a free port. */
export interface Served {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Lets a server listen on a free port; `stop` ends its open connections too, upgraded ones among them.
 *
 * @param address Default: 127.0.0.1
 */
export async function listening(server: Server, address = "127.0.0.1"): Promise<Served> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Starts a server that answers so; the URL is parsed, since each has its answer in the query. */
export function serve(answer: (request: IncomingMessage, response: ServerResponse, url: URL) => void): Promise<Served> {
  return listening(
    createServer((request, response) => {
      answer(request, response, new URL(request.url ?? "/", "http://server"));
    }),
  );
}
