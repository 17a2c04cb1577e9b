import { createServer, type AddressInfo } from "node:net";

/** Ports that tests of this process got: the kernel may give one that was closed again. */
const given = new Set<number>();

/** A port of 127.0.0.1 that nobody listens on now, another one each time. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  if (given.has(port)) return freePort();
  given.add(port);
  return port;
}
