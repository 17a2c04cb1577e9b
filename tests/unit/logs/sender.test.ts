import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { tasksFlags } from "../../../stacks/logs/flags";
import { until } from "../../live/until";
import { freePort } from "../../support/free-port";
import { flagsHere, start, victoriaLogs, type Started } from "../../support/victoria-logs";

jest.setTimeout(600_000);

const bin = victoriaLogs() ?? "";
const there = bin === "" ? describe.skip : describe;
const mib = 1024 ** 2;

/** The store unpacks each request as a whole, several at once, and may use 128 MiB: those of 8 MiB, which is the default, ended it. */
there("a sender with much to send", () => {
  const folder = mkdtempSync(join(tmpdir(), "logs-"));
  const unpacked: number[] = [];
  let sender: Started | undefined;
  let store: Server;

  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    unpacked.push(zstdDecompressSync(Buffer.concat(parts)).length);
    response.end();
  };

  beforeAll(async () => {
    store = createServer((request, response) => void take(request, response));
    await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
    const ports = { store: (store.address() as AddressInfo).port, tasks: await freePort() };
    const container = join(folder, "containers", "abc");
    mkdirSync(container, { recursive: true });
    const log = `${"a line of a task that prints what others print too ".repeat(2)}\n`;
    const line = { log, stream: "stdout", attrs: { tag: "hello.1.x7k" }, time: new Date().toISOString() };
    writeFileSync(join(container, "abc-json.log"), `${JSON.stringify(line)}\n`.repeat(40_000));
    sender = start(bin, "vlagent", flagsHere(tasksFlags(join(folder, "agent")), { folder, ports }));
  });

  afterAll(async () => {
    await sender?.stop();
    store.close();
    rmSync(folder, { recursive: true });
  });

  test("sends it in pieces of a megabyte", async () => {
    await until("all to be sent", () => Promise.resolve(unpacked.reduce((sum, bytes) => sum + bytes, 0) > 8 * mib));
    expect(Math.max(...unpacked)).toBeLessThan(1.1 * mib);
  });
});
