/** The time of a first `./farm up`, by step: `tsx main.ts`. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { endedWell, repository, run, shippedConfig } from "../../tests/live/farm";
import { leftFarm, writeRun } from "../run-file";
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
    const steps = endedSteps(output).map((step) => `| ${[step.name, step.note, step.seconds].join(" | ")} |`);
    process.stdout.write(`${["| step | note | s |", "| --- | --- | --- |", ...steps].join("\n")}\n`);
    const busy = (busySeconds() - busyBefore) / seconds;
    process.stdout.write(
      `in all ${seconds.toFixed(0)} s; busy processors in the mean: ${busy.toFixed(1)} of ${String(cpus().length)}\n`,
    );
  } finally {
    await remove(home);
  }
}

const clone = (home: string) => join(home, "clone");
const stateOf = (home: string) => join(home, "s");

/** Output of a command of the clone's farm. */
async function farm(home: string, command: string): Promise<string> {
  return endedWell(`./farm ${command}`, await run(join(clone(home), "farm"), [command], environment(home), true))
    .output;
}

/** Each cache of each tool that a farm is built with is in the folder; what says where to download from is not. */
function environment(home: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(PULUMI|FARM)_/.test(name));
  const goEnv = execFileSync("go", ["env", "GOENV"], { encoding: "utf8" }).trim();
  const state = stateOf(home);
  return {
    ...Object.fromEntries(own),
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_CONFIG_HOME: join(home, "c"),
    XDG_STATE_HOME: state,
    GOENV: goEnv,
    GOPATH: join(home, "go"),
    npm_config_cache: join(home, "npm"),
    PULUMI_BACKEND_URL: `file://${join(state, "swarm-farm", "pulumi")}`,
    PULUMI_STACK: stack,
    FARM_ISOLATED: "1",
  };
}

async function remove(home: string): Promise<void> {
  if (existsSync(join(stateOf(home), "swarm-farm", stack))) await farm(home, "destroy");
  rmSync(home, { recursive: true, force: true });
  rmSync(runFile, { force: true });
}

/** Of all processors since the machine started. */
function busySeconds(): number {
  const milliseconds = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  return milliseconds.reduce((sum, each) => sum + each, 0) / 1000;
}

void main();
