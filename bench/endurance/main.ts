/** Watches a farm for hours and tables what grows: `tsx main.ts --stack NAME --hours H --samples FILE --table FILE`. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { WatchedFarm } from "./farm";
import { parseSamples, type Sample } from "./sample";
import { table } from "./table";

const { values: options } = parseArgs({
  options: {
    stack: { type: "string", default: "dev" },
    /** From the first sample on, also where a run is continued; 0 evaluates only. */
    hours: { type: "string", default: "3" },
    /** Between two samples of a node. */
    seconds: { type: "string", default: "300" },
    samples: { type: "string", default: "" },
    table: { type: "string", default: "" },
    farm: { type: "string", default: join(__dirname, "..", "..", "farm") },
  },
});

const hour = 3_600_000;
const statuses = new Map<string, number>();
const stopping = new AbortController();

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

function read(): Sample[] {
  return existsSync(options.samples) ? parseSamples(readFileSync(options.samples, "utf8")) : [];
}

function tell(): void {
  const samples = read();
  if (samples.length === 0) {
    say("there are no samples to tell of");
    return;
  }
  const answers = [...statuses].sort().map(([status, count]) => `${count} × ${status}`);
  const load = answers.length > 0 ? [`Answers to the load of this run by status: ${answers.join(", ")}`] : [];
  const text = `${[table(samples), ...load].join("\n\n")}\n`;
  writeFileSync(options.table, text);
  process.stdout.write(text);
  say(`samples: ${options.samples} · table: ${options.table}`);
}

/** A node that does not answer is a gap, not an end. */
async function sampleAll(farm: WatchedFarm, nodes: readonly string[], deep: boolean): Promise<void> {
  for (const node of nodes) {
    if (stopping.signal.aborted) return;
    try {
      appendFileSync(options.samples, `${JSON.stringify(await farm.sample(node, deep))}\n`);
    } catch (error) {
      say(`${node}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function watch(): Promise<void> {
  const start = read()[0]?.at ?? Date.now();
  const end = start + Number(options.hours) * hour;
  if (Date.now() >= end) return;
  const farm = new WatchedFarm(options.farm, options.stack);
  const { nodes, urls } = await farm.outputs();
  const names = nodes.map(({ name }) => name);
  say(
    `${names.join(", ")} until ${new Date(end).toISOString().slice(11, 16)} UTC; load on ${Object.values(urls).join(", ")}`,
  );
  const stop = farm.load(Math.ceil((end - Date.now()) / 1000), Object.values(urls), statuses);
  try {
    let deepAt = 0;
    for (let number = 1; !stopping.signal.aborted; number++) {
      const began = Date.now();
      const left = end - began;
      // Each hour and at the end; a minute's grace, since samples are not exactly on time.
      const deep = began - deepAt >= hour - 60_000 || left <= 0;
      if (deep) deepAt = began;
      await sampleAll(farm, names, deep);
      say(`sample ${number} took ${Math.round((Date.now() - began) / 1000)} s`);
      if (left <= 0) break;
      const next = Math.min(began + Number(options.seconds) * 1000, Math.max(end, began));
      await pause(Math.max(0, next - Date.now()), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  } finally {
    stop();
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    say("stopping; --resume continues");
    stopping.abort();
  });
}

watch()
  .catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  })
  .finally(tell);
