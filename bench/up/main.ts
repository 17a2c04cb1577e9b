import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { repository, TestFarm } from "../../tests/live/farm";
import { median } from "../median";
import { timed } from "../timed";
import { writeScript } from "./makefile";
import { record } from "./record";
import { stepsOf } from "./steps";

/** Times in seconds, of `./farm up` and of the script that does the same, and whether the farm was calm. */
interface Run {
  readonly up: number;
  readonly script: number;
  /** Tasks of the farm that were replaced while it started. */
  readonly replaced: number;
  /** How often a node was taken for dead. */
  readonly dead: number;
  /** Of one minute, before `up`. */
  readonly load: number;
}

const folder = join(repository, "bench", "up");
const pool = "swarm-farm-test-up";

/** The time of `up` from nothing and of a parallel shell script that does the same, in turn. */
async function main(runs: number): Promise<void> {
  const farm = new TestFarm("test-up");
  const done: Run[] = [];
  try {
    farm.configureAsShipped();
    while (done.length < runs) {
      const run = await once(farm);
      done.push(run);
      process.stdout.write(`${row(String(done.length), run)}\n`);
    }
  } finally {
    await farm.end();
  }
  const [up, script] = [median(done.map((each) => each.up)), median(done.map((each) => each.script))];
  process.stdout.write(
    `medians: up ${up.toFixed(0)} s, script ${script.toFixed(0)} s, ratio ${(up / script).toFixed(2)}\n`,
  );
}

function row(name: string, { up, script, replaced, dead, load }: Run): string {
  const cells = [name, up.toFixed(0), script.toFixed(0), (up / script).toFixed(2), replaced, dead, load.toFixed(1)];
  return `| ${cells.join(" | ")} |`;
}

async function once(farm: TestFarm): Promise<Run> {
  // Both find libvirt running.
  await farm.ok(["preview"]);
  const [load = NaN] = loadavg();
  const up = await timed(() => farm.ok(["up"]));
  const calm = await farm.ok(["ssh", "manager1", readFileSync(join(folder, "calm.sh"), "utf8")]);
  const [replaced = NaN, dead = NaN] = calm.stdout.trim().split(" ").map(Number);
  const { resources, recorded } = await record(farm);
  await farm.ok(["destroy"]);
  const work = mkdtempSync(join(tmpdir(), "bench-up-"));
  try {
    writeScript(work, stepsOf(resources, recorded));
    await farm.ok(["preview"]);
    const script = await timed(async () => {
      await make(farm, work);
      // The farm's commands know no farm that the script made: ssh is given its files.
      const config = join(recorded.state, "ssh", "config");
      await farm.ok(["run", "--", "ssh", "-F", config, "any.manager", readFileSync(join(folder, "rest.sh"), "utf8")]);
    });
    return { up, script, replaced, dead, load };
  } finally {
    await farm.ok(["run", "--", "bash", join(folder, "clean.sh"), pool]);
    await farm.ok(["destroy"]);
    rmSync(work, { recursive: true });
  }
}

async function make(farm: TestFarm, work: string): Promise<void> {
  const variables = [`STEP=${join(folder, "step.sh")}`, `REPOSITORY=${repository}`];
  await farm.ok(["run", "--", "make", "--no-print-directory", "-j", "200", "-C", work, ...variables]);
}

void main(Number(process.argv[2] ?? 3));
