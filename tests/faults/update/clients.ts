/**
 * Clients of a farm during updates of its load balancer: `node clients.ts ORIGIN STOP_FILE BEGUN_FILE SOCKETS REQUESTS`. Some WebSockets of
 * examples/websocket that stay open, and requests on connections of their own, at least so many. Writes a file once all have begun. As
 * soon as the stop file is there, one WebSocket sends a message, which all must hear. Prints what came of them as JSON. The authority is
 * in NODE_EXTRA_CA_CERTS.
 */
import { existsSync, writeFileSync } from "node:fs";
import https from "node:https";
import { setTimeout as pause } from "node:timers/promises";

const [origin = "", stopFile = "", begunFile = "", sockets = "0", requests = "0"] = process.argv.slice(2);

/** Longer than the load balancer waits for one server, 60 s. */
const timeoutMs = 90_000;

let sent = 0;
const failures: string[] = [];

/** One request on a connection of its own. */
function once(): Promise<void> {
  sent++;
  const started = new Date().toISOString();
  return new Promise((resolve) => {
    const fail = (why: string) => {
      failures.push(`${started} ${why}`);
      resolve();
    };
    const signal = AbortSignal.timeout(timeoutMs);
    const call = https.get(`${origin}/hello/`, { agent: false, signal }, (response) => {
      response.resume();
      response.on("error", (error) => {
        fail(error.message);
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve();
        else fail(`status ${String(response.statusCode)}`);
      });
    });
    call.on("error", (error) => {
      fail(error.message);
    });
  });
}

/** A WebSocket that notes each number that it hears. */
class Page {
  readonly heard: string[] = [];
  closed = false;
  private readonly socket = new WebSocket(`${origin.replace("https:", "wss:")}/counter/`);

  constructor() {
    this.socket.addEventListener("message", ({ data }) => this.heard.push(String(data)));
    this.socket.addEventListener("close", () => (this.closed = true));
    this.socket.addEventListener("error", () => (this.closed = true));
  }

  send(): void {
    this.socket.send("+");
  }
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isSo() && Date.now() < deadline) await pause(200);
}

/** How many are open and hear a message once the stop file is there: requests may go on for longer than the grace. */
async function hearing(pages: readonly Page[]): Promise<number> {
  while (!existsSync(stopFile)) await pause(200);
  const open = pages.filter(({ closed }) => !closed);
  const before = open.map(({ heard }) => heard.length);
  open[0]?.send();
  const hears = ({ heard }: Page, at: number) => heard.length > (before[at] ?? 0);
  await until(() => open.every(hears));
  return open.filter(hears).length;
}

async function main(): Promise<void> {
  const pages = Array.from({ length: Number(sockets) }, () => new Page());
  await until(() => pages.every(({ heard }) => heard.length > 0));
  writeFileSync(begunFile, "");
  const client = async () => {
    while (sent < Number(requests) || !existsSync(stopFile)) {
      await once();
      await pause(300);
    }
  };
  const [hear] = await Promise.all([hearing(pages), client(), client(), client()]);
  console.log(JSON.stringify({ sent, failures, sockets: pages.length, hear }));
  process.exit(0);
}

void main();
