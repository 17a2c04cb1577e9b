/**
 * Two clients of one URL: `node clients.ts URL CA_FILE STOP_FILE`. The first sends a request each 250 ms on a connection of its own and
 * never again; the second repeats a request that failed, each second for a minute. Prints what came of them as JSON.
 */
import { existsSync, readFileSync } from "node:fs";
import https from "node:https";
import { setTimeout as pause } from "node:timers/promises";

const [url = "", caFile = "", stopFile = ""] = process.argv.slice(2);
const ca = readFileSync(caFile);

const everyMs = 250;
/** Longer than an emulated node takes for a page; a node that has lost the address answers nothing. */
const timeoutMs = 3000;
const retries = 60;

let sent = 0;
const failures: string[] = [];
/** When each answer came, in milliseconds since 1970. */
const answered: number[] = [];
let lost = 0;

/** Why there is no page; undefined if there is one. */
function once(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const call = https.get(url, { ca, agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      response.resume();
      response.on("error", (error) => {
        resolve(error.message);
      });
      response.on("end", () => {
        resolve(response.statusCode === 200 ? undefined : `status ${String(response.statusCode)}`);
      });
    });
    call.on("error", (error) => {
      resolve(error.message);
    });
  });
}

async function withoutRetries(): Promise<void> {
  const started = new Date().toISOString();
  sent++;
  const why = await once();
  if (why === undefined) answered.push(Date.now());
  else failures.push(`${started} ${why}`);
}

async function withRetries(): Promise<void> {
  for (let attempts = 0; attempts <= retries; attempts++) {
    if ((await once()) === undefined) return;
    await pause(1000);
  }
  lost++;
}

async function main(): Promise<void> {
  const under: Promise<void>[] = [];
  for (let round = 0; !existsSync(stopFile); round++) {
    under.push(withoutRetries());
    if (round % 4 === 0) under.push(withRetries());
    await pause(everyMs);
  }
  await Promise.all(under);
  const gaps = answered.slice(1).map((at, i) => at - (answered[i] ?? at));
  console.log(JSON.stringify({ sent, failures, lost, gapSeconds: Math.max(0, ...gaps) / 1000 }));
}

void main();
