/** The time of `up` from nothing and of a script that does the same: `tsx main.ts [RUNS] [--alone] [--stock] [--nodes shipped|small]`. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseUrn } from "../../cli/preview/urn";
import { repository, smallConfig, TestFarm } from "../../tests/live/farm";
import { median } from "../median";
import { timed } from "../timed";
import { writeScript } from "./makefile";
import { record } from "./record";
import { leftFarm, writeRun } from "../run-file";
import { stepsOf } from "./steps";
import { mirrorPort } from "./stock";
import { farmOnStock, stockImage } from "./stock-image";
import { dockerSeconds, sideBySide, timesOf } from "./times";

/** Times in seconds, of `./farm up` and of the script that does the same, and whether the farm was calm; NaN of a script that did not run. */
interface Run {
  readonly up: number;
  readonly script: number;
  /** Of the script, until each node's Docker answered. */
  readonly docker: number;
  /** Tasks of the farm that were replaced while it started. */
  readonly replaced: number;
  /** How often a node was taken for dead. */
  readonly dead: number;
  /** Averages of one minute, before `up`, before the script and after it. */
  readonly loads: readonly number[];
}

const folder = join(repository, "bench", "up");
const stack = "test-up";
const pool = `swarm-farm-${stack}`;

/** Names the farm until it is removed: the next run removes that of a killed run. */
const runFile = join(tmpdir(), "swarm-farm-bench-up");

/** The output of each `up` of this run, and the times of its steps beside the script's: a slow one has to be explained. */
const outputs = join(tmpdir(), "swarm-farm-bench-up.log");

const configurations = {
  shipped: (farm: TestFarm) => {
    farm.configureAsShipped();
  },
  small: (farm: TestFarm) => {
    farm.configureAs(smallConfig({ manager1: { role: "manager" }, worker1: { role: "worker" } }));
  },
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** No script: whether each `up` is calm. */
    alone: { type: "boolean", default: false },
    /** The script's VMs have a stock cloud image, on which cloud-init installs Docker. */
    stock: { type: "boolean", default: false },
    /** The default farm, or one of two nodes with hello alone. */
    nodes: { type: "string", default: "shipped" },
  },
});

/** The time of `up` from nothing and of a parallel shell script that does the same, in turn. */
async function main(runs: number, nodes: string): Promise<void> {
  if (!isConfiguration(nodes)) throw new Error(`--nodes is '${nodes}'; it can be shipped or small`);
  const stock = options.stock ? await stockImage() : undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      process.stderr.write("the farm stays as it is: the next run removes it\n");
      process.exit(1);
    });
  }
  const left = leftFarm(runFile);
  if (left !== undefined) await remove(new TestFarm(stack, left));
  const farm = new TestFarm(stack);
  writeRun(runFile, farm.home);
  rmSync(outputs, { force: true });
  const done: Run[] = [];
  try {
    configurations[nodes](farm);
    while (done.length < runs) {
      const run = await once(farm, stock);
      done.push(run);
      process.stdout.write(`${row(String(done.length), run)}\n`);
    }
  } finally {
    await remove(farm);
  }
  const [up, script] = [median(done.map((each) => each.up)), median(done.map((each) => each.script))];
  if (options.alone) process.stdout.write(`median: up ${up.toFixed(0)} s\n`);
  else
    process.stdout.write(
      `medians: up ${up.toFixed(0)} s, ${options.stock ? "stock" : "script"} ${script.toFixed(0)} s, ratio ${(up / script).toFixed(2)}\n`,
    );
}

function isConfiguration(name: string): name is keyof typeof configurations {
  return name in configurations;
}

async function remove(farm: TestFarm): Promise<void> {
  await farm.end();
  rmSync(runFile, { force: true });
}

const load = () => loadavg()[0] ?? NaN;

function row(name: string, { up, script, docker, replaced, dead, loads }: Run): string {
  const cells = [name, up.toFixed(0), script.toFixed(0), docker.toFixed(0), (up / script).toFixed(2)];
  return `| ${[...cells, replaced, dead, loads.map((each) => each.toFixed(1)).join(", ")].join(" | ")} |`.replaceAll(
    "NaN",
    "",
  );
}

async function once(farm: TestFarm, stock: Awaited<ReturnType<typeof stockImage>> | undefined): Promise<Run> {
  // Both find libvirt running.
  await farm.ok(["preview"]);
  const beforeUp = load();
  const upBegan = Date.now() / 1000;
  const up = await timed(async () => {
    const { output } = await farm.ok(["up"]);
    appendFileSync(outputs, output);
  });
  const calm = await farm.ok(["ssh", "manager1", readFileSync(join(folder, "calm.sh"), "utf8")]);
  const [replaced = NaN, dead = NaN] = calm.stdout.trim().split(" ").map(Number);
  if (options.alone) {
    await farm.ok(["destroy"]);
    return { up, script: NaN, docker: NaN, replaced, dead, loads: [beforeUp, load()] };
  }
  const recorded = await record(farm);
  await farm.ok(["destroy"]);
  await farm.ok(["preview"]);
  // Ends with the farm's folder, also after a killed run.
  const work = join(farm.home, "work");
  mkdirSync(work, { mode: 0o700 });
  try {
    const built = stock ? await farmOnStock(recorded, stock.folder, join(work, "seeds")) : recorded;
    const steps = stepsOf(built.resources, built.recorded);
    writeScript(work, steps);
    const beforeScript = load();
    const scriptBegan = Date.now() / 1000;
    const script = await timed(async () => {
      await make(farm, work, stock?.packages);
      // The farm's commands know no farm that the script made: ssh is given its files.
      const config = join(built.recorded.state, "ssh", "config");
      await farm.ok(["run", "--", "ssh", "-F", config, "any.manager", readFileSync(join(folder, "rest.sh"), "utf8")]);
    });
    const times = timesOf(
      readdirSync(join(work, "times")).map((name) => readFileSync(join(work, "times", name), "utf8")),
    );
    const created = built.resources
      .filter(({ custom }) => custom)
      .map((each) => [parseUrn(each.urn).name, Date.parse(each.created ?? "") / 1000] as const);
    const table = sideBySide(
      steps,
      { began: upBegan, ended: new Map(created) },
      { began: scriptBegan, ended: new Map(times.map(({ name, ended }) => [name, ended])) },
    );
    appendFileSync(outputs, table);
    return { up, script, docker: dockerSeconds(times), replaced, dead, loads: [beforeUp, beforeScript, load()] };
  } finally {
    await farm.ok(["run", "--", "bash", join(folder, "clean.sh"), pool]);
    await farm.ok(["destroy"]);
    rmSync(work, { recursive: true });
  }
}

/** @param packages the folder of the packages that nodes install, if they do */
async function make(farm: TestFarm, work: string, packages: string | undefined): Promise<void> {
  const variables = [`STEP=${join(folder, "step.sh")}`, `REPOSITORY=${repository}`];
  // Steps wait for ten minutes by default; a node may take longer beside others that install Docker.
  const command = ["env", "FARM_WAIT_SECONDS=1800", "make", "--no-print-directory", "-j", "200", "-C", work];
  const mirror = packages === undefined ? [] : ["bash", join(folder, "with-mirror.sh"), packages, String(mirrorPort)];
  await farm.ok(["run", "--", ...mirror, ...command, ...variables]);
}

void main(Number(positionals[0] ?? 3), options.nodes);
