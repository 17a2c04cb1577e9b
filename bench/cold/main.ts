/** The time of a first `./farm up`, by step: `tsx main.ts`. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { markdownTable } from "../../cli/base/markdown-table";
import { endedWell, repository, run, shippedConfig, TestFarm } from "../../tests/live/farm";
import { leftFarm, writeRun } from "../run-file";
import { sum } from "../sum";
import { timed } from "../timed";
import { endedSteps } from "./lines";

const stack = "test-cold";

/** Names the clone until it is removed: the next run removes that of a killed run. */
const runFile = join(tmpdir(), "swarm-farm-bench-cold");

/** `./farm up` in a new clone with empty caches. Debian's packages stay as they are: a machine has them once. */
async function main(): Promise<void> {
  const left = leftFarm(runFile);
  if (left !== undefined) await remove(left);
  // Short: see TestFarm.
  const home = mkdtempSync(join(tmpdir(), "sf-"));
  writeRun(runFile, home);
  try {
    execFileSync("git", ["clone", "--quiet", repository, clone(home)]);
    writeFileSync(join(clone(home), `Pulumi.${stack}.yaml`), shippedConfig());
    const busyBefore = busySeconds();
    let output = "";
    const seconds = await timed(async () => (output = await farm(home, "up")));
    const rows = endedSteps(output).map((step) => [step.name, step.note, String(step.seconds)]);
    process.stdout.write(`${markdownTable(["step", "note", "s"], rows)}\n`);
    const busy = (busySeconds() - busyBefore) / seconds;
    process.stdout.write(
      `in all ${seconds.toFixed(0)} s; busy processors in the mean: ${busy.toFixed(1)} of ${String(cpus().length)}\n`,
    );
  } finally {
    await remove(home);
  }
}

const clone = (home: string) => join(home, "clone");

/** Output of a command of the clone's farm. */
async function farm(home: string, command: string): Promise<string> {
  return endedWell(`./farm ${command}`, await run(join(clone(home), "farm"), [command], environment(home), true))
    .output;
}

/** That of a farm of a test, with each cache of each tool that it is built with in the folder; what says where to download from is not. */
function environment(home: string): NodeJS.ProcessEnv {
  return {
    ...new TestFarm(stack, home).env,
    XDG_CACHE_HOME: join(home, "cache"),
    GOENV: execFileSync("go", ["env", "GOENV"], { encoding: "utf8" }).trim(),
    GOPATH: join(home, "go"),
    npm_config_cache: join(home, "npm"),
    // The farm's own, in its cache.
    PULUMI_HOME: undefined,
  };
}

async function remove(home: string): Promise<void> {
  if (existsSync(join(home, "s", "swarm-farm", stack))) await farm(home, "destroy");
  rmSync(home, { recursive: true, force: true });
  rmSync(runFile, { force: true });
}

/** Of all processors since the machine started. */
function busySeconds(): number {
  return sum(cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq)) / 1000;
}

void main();
