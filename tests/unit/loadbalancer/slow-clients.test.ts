import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { startBackend } from "../../support/backend";
import { behindProxy, exchange, open } from "../../support/reverse-proxy";
import { bytesOf, get, kinds } from "../../support/requests";

/** Connections of one client that send nothing; more than either program has. */
const silent = 10_000;

jest.setTimeout(60_000);

describe.each(kinds)("%s", (kind) => {
  const front = behindProxy(kind, startBackend, (port) => {
    const target = { kind: "http", servers: [{ name: "one", address: "127.0.0.1", port }] } as const;
    return { httpsPort: 443, routes: [{ name: "site", path: "/", target }] };
  });
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  front.available("answers a client while another one has 10,000 connections that send nothing", async () => {
    for (let i = 0; i < silent; i += 1) {
      const socket = connect({ port: front.proxy.port, host: "127.0.0.1", localAddress: "127.0.0.2" });
      socket.on("error", () => socket.destroy());
      sockets.push(socket);
      // As fast as the programs accept.
      if (i % 100 === 0) await pause(5);
    }
    const started = Date.now();
    expect((await exchange(front.proxy.port, bytesOf(get("/")))).status).toBe(200);
    expect(Date.now() - started).toBeLessThan(5000);
  });

  front.available(
    "closes a connection whose headers are not whole after 20 s, and not one whose body pauses",
    async () => {
      const started = Date.now();
      const socket = open(front.proxy.port);
      sockets.push(socket);
      socket.write("GET / HTTP/1.1\r\nHost: a.test\r\n");
      socket.resume();
      const slow = new Promise<number>((resolve) =>
        socket.once("close", () => {
          resolve((Date.now() - started) / 1000);
        }),
      );
      const post = "POST / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nContent-Length: 2\r\n\r\n";
      const upload = open(front.proxy.port);
      sockets.push(upload);
      upload.write(`${post}a`);
      const answer = new Promise<string>((resolve) =>
        upload.once("data", (data: Buffer) => {
          resolve(data.toString());
        }),
      );
      const seconds = await slow;
      expect([seconds > 18, seconds < 30]).toEqual([true, true]);
      upload.write("b");
      expect(await answer).toMatch(/^HTTP\/1\.1 200/);
    },
  );
});
