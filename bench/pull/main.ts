/** Bytes and CPU seconds that a node spends on each image from nothing to healthy: `tsx main.ts [--rounds N] [--images a,b] [--alternatives a,b] [--samples FILE]`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measure } from "./measure";
import { Samples } from "./samples";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    images: { type: "string", default: "hello,nginx,php,mysql,valkey,haproxy,registry,visualizer" },
    /** Images of which each encoding is measured; `` is none. */
    alternatives: { type: "string", default: "php,mysql" },
    /** Measurements, each of which is added; those that are there count. Default: in a folder of this run */
    samples: { type: "string" },
    /** The folder of this run: given to the process in the namespaces. */
    inside: { type: "string" },
  },
});

const list = (text: string) => text.split(",").filter(Boolean);

/** Starts this program in namespaces of its own, which end with it, and all that it started in them. */
async function main(): Promise<void> {
  if (options.inside !== undefined) {
    const [images, alternatives] = [list(options.images), list(options.alternatives)];
    const samples = new Samples(options.samples ?? join(options.inside, "samples.jsonl"));
    const plan = { folder: options.inside, rounds: Number(options.rounds), samples, images, alternatives };
    const tables = await measure(plan);
    const load = loadavg().map((average) => average.toFixed(1));
    process.stdout.write(`${tables}\n\nLoad average ${load.join(", ")}\n`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "bench-pull-"));
  try {
    const program = ["node", "--import", "tsx", __filename, ...process.argv.slice(2)];
    process.exitCode = await inNamespaces([...program, "--inside", folder]);
  } finally {
    // Processes of the namespaces may end a moment later.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** Runs a program in namespaces that end with it, with all that it started in them; they end with this process too. */
async function inNamespaces(program: readonly string[]): Promise<number> {
  const namespaces = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...namespaces, ...program], { stdio: "inherit" });
  // unshare itself ignores what would end it politely.
  const end = () => child.kill("SIGKILL");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, end);
  const [status] = (await once(child, "exit")) as [number | null];
  return status ?? 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
