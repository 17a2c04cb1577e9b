/**
 * A bounded load: `node load.ts URL CA_FILE STOP_FILE TASKS_FILE MIN MAX CLIENTS PAUSE_MS`. Each client sends one request
 * after the other with a pause between, until the stop file is there and MIN are answered, or MAX are; prints what came of
 * them as JSON, and how long the slowest answer took. The first answer of each task is appended at once to the file of tasks.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { setTimeout as pause } from "node:timers/promises";

const [url = "", caFile = "", stopFile = "", tasksFile = "", min = "0", max = "1", clients = "1", pauseMs = "0"] =
  process.argv.slice(2);
const connections = { keepAlive: true, maxSockets: Number(clients) };
const { request, agent } = url.startsWith("https:")
  ? { request: https.request, agent: new https.Agent({ ca: readFileSync(caFile), ...connections }) }
  : { request: http.request, agent: new http.Agent(connections) };

/** Longer than the load balancer waits for one server, 60 s: it then asks another. */
const timeoutMs = 90_000;

const seen: Record<string, number> = {};
const tasks = new Set<string>();
const failures: string[] = [];
let sent = 0;
let slowestMs = 0;

/** One request; what it says of the node that answered is counted. */
function once(): Promise<void> {
  return new Promise((resolve) => {
    const started = Date.now();
    const fail = (why: string) => {
      failures.push(`${new Date(started).toISOString()} ${why}`);
      resolve();
    };
    const call = request(url, { agent, timeout: timeoutMs }, (response) => {
      let body = "";
      response.on("data", (data: Buffer) => (body += data.toString()));
      response.on("error", (error) => {
        fail(error.message);
      });
      response.on("end", () => {
        if (response.statusCode !== 200) {
          fail(`status ${String(response.statusCode)}: ${body.slice(0, 200)}`);
          return;
        }
        slowestMs = Math.max(slowestMs, Date.now() - started);
        const node = /id="node">([^<]+)</.exec(body)?.[1] ?? "?";
        seen[node] = (seen[node] ?? 0) + 1;
        const task = /id="task">([^<]+)</.exec(body)?.[1];
        if (task !== undefined && !tasks.has(task)) {
          tasks.add(task);
          appendFileSync(tasksFile, `${JSON.stringify({ task, at: Date.now() })}\n`);
        }
        resolve();
      });
    });
    call.on("timeout", () => {
      call.destroy(new Error("no answer in time"));
    });
    call.on("error", (error) => {
      fail(error.message);
    });
    call.end();
  });
}

async function client(): Promise<void> {
  while (sent < Number(max) && !(sent >= Number(min) && existsSync(stopFile))) {
    sent++;
    await once();
    await pause(Number(pauseMs));
  }
}

async function main(): Promise<void> {
  const started = Date.now();
  await Promise.all(Array.from({ length: Number(clients) }, client));
  agent.destroy();
  const seconds = (ms: number) => Math.round(ms / 1000);
  console.log(
    JSON.stringify({ sent, failures, seen, slowest: seconds(slowestMs), seconds: seconds(Date.now() - started) }),
  );
}

void main();
