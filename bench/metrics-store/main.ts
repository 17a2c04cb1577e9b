import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startProgram } from "../../tests/support/alerting";
import { nodeExporterProgram } from "../../tests/support/prometheus";
import { nodesFlags } from "../../stacks/monitoring/node-flags";
import { get } from "./ask";
import { scrapeSeconds } from "./containers";
import { measure, type Recorded, type Run } from "./measure";
import { enlarged } from "./recording";
import { table } from "./table";

/** A node with about 400 samples. */
const node = { cpus: 8, disks: 6 };

const secondsBetween = 10;

/** This machine's answers from Debian's node exporter with the farm's arguments. */
async function record(): Promise<Recorded> {
  if (nodeExporterProgram === undefined) throw new Error("Debian's node exporter cannot be had: apt-get update");
  const root = mkdtempSync(join(tmpdir(), "metrics-store-node-"));
  for (const kernel of ["proc", "sys"]) symlinkSync(`/${kernel}`, join(root, kernel));
  const exporter = await startProgram(
    nodeExporterProgram,
    {},
    (_, port) => [...nodesFlags(root, false), `--web.listen-address=127.0.0.1:${port}`],
    "/metrics",
  );
  try {
    const answer = async () => enlarged(await (await get(`http://127.0.0.1:${exporter.port}/metrics`)).text(), node);
    const first = await answer();
    await sleep(secondsBetween * 1000);
    return { answers: [first, await answer()], secondsBetween };
  } finally {
    await exporter.stop();
    rmSync(root, { recursive: true });
  }
}

/** Options with their defaults and limits. */
const options = {
  runs: { default: 3, least: 1, most: 20 },
  nodes: { default: 4, least: 1, most: 200 },
  minutes: { default: 8, least: 0.1, most: 600 },
  "scrape-seconds": { default: 1, least: 0.5, most: scrapeSeconds },
} as const;

type Options = Readonly<Record<keyof typeof options, number>>;

/** @throws Error for an option that is unknown, no number, or beyond its limits */
function read(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.keys(options).map((name) => [name, { type: "string" as const }])),
  });
  const numbers = Object.entries(options).map(([name, { default: otherwise, least, most }]) => {
    const number = Number(values[name] ?? otherwise);
    if (!(number >= least && number <= most))
      throw new Error(`--${name} '${String(values[name])}' is no number from ${least} to ${most}`);
    return [name, number];
  });
  return Object.fromEntries(numbers) as Options;
}

async function main(): Promise<void> {
  const { nodes, minutes, runs: count, "scrape-seconds": interval } = read(process.argv.slice(2));
  const conditions = { nodes, minutes, interval, bin: process.env.FARM_VICTORIA_METRICS ?? "" };
  const recorded = await record();
  const runs: Run[] = [];
  for (let number = 1; number <= count; number++) {
    process.stderr.write(`run ${number} of ${count}\n`);
    const run = await measure(conditions, recorded);
    process.stderr.write(`${JSON.stringify(run)}\n`);
    runs.push(run);
  }
  console.log(table(runs));
}

// The first process of a PID namespace gets no other signals than those that it listens to; all others end with it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
