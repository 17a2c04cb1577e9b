import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Tasks of one service: the same port at several addresses of this machine. */
export interface SeveralTasks {
  readonly port: number;
  /** The header `Cookie` of the last request that a task got. */
  readonly cookie: string | undefined;
  start(address: string): Promise<void>;
  /** Ends a task, as a node that is lost: the name server still has it. */
  end(address: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts tasks that answer with their address. */
export async function startTasks(...addresses: readonly string[]): Promise<SeveralTasks> {
  const servers = new Map<string, Server>();
  let port = 0;
  let cookie: string | undefined;
  const end = async (address: string) => {
    const server = servers.get(address);
    servers.delete(address);
    server?.closeAllConnections();
    await new Promise((resolve) => {
      if (server) server.close(resolve);
      else resolve(undefined);
    });
  };
  const start = async (address: string) => {
    const server = createServer((request: IncomingMessage, response) => {
      cookie = request.headers.cookie;
      // A response that caches may keep.
      response.setHeader("ETag", '"v1"').end(address);
    });
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    servers.set(address, server);
    port = (server.address() as AddressInfo).port;
  };
  for (const address of addresses) await start(address);
  return {
    port,
    get cookie() {
      return cookie;
    },
    start,
    end,
    stop: async () => {
      for (const address of [...servers.keys()]) await end(address);
    },
  };
}
