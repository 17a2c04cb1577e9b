/**
 * Effects of failures, with Swarm's own part beside them, on farms of this bench's own: `tsx main.ts RUNS FILE`.
 * PLACE is a file that says where the farm is, so that the next run removes that of a killed run.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { TestFarm } from "../../tests/live/farm";
import { conditions, otherVms } from "./conditions";
import { stabilizationSeconds, replicas, withManagers, withSteward } from "./farms";
import type { LeaderFigures, StewardFigures } from "./figures";
import { leaderLost } from "./leader";
import { loadStep, target } from "./step";
import { configured, settled } from "./swarm";
import { table, type Configured } from "./table";
import { workerBack, workerLost } from "./worker";

const stack = "test-bench";
const [runs = "1", folderFile = ""] = process.argv.slice(2);

/** The summary at the end, of all measurements so far. */
const steward: StewardFigures[] = [];
const leader: LeaderFigures[] = [];
const vmsOfOthers: number[] = [];
let summary: { readonly conditions: string; readonly configured: Configured } | undefined;

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

/** Removes a farm; where it is stays written down as long as that was not possible. */
async function remove(farm: TestFarm): Promise<void> {
  say("destroying the farm");
  await farm.end();
  rmSync(folderFile, { force: true });
}

/** Measures one thing on a farm that is at rest. */
async function measured<T>(what: string, farm: TestFarm, measure: (farm: TestFarm) => Promise<T>): Promise<T> {
  await settled(farm);
  vmsOfOthers.push(otherVms(farm));
  say(what);
  const figures = await measure(farm);
  say(JSON.stringify(figures));
  return figures;
}

/** Builds a farm, does what is to be done on it as often as asked for, and removes it. */
async function onFarm(configuration: Readonly<Record<string, unknown>>, run: (farm: TestFarm) => Promise<void>) {
  const farm = new TestFarm(stack);
  writeFileSync(folderFile, farm.home);
  try {
    say("building a farm");
    farm.configureAs(configuration);
    await farm.ok(["up"]);
    await farm.trustAuthority();
    summary = { conditions: await conditions(farm), configured: await configured(farm) };
    for (let number = 1; number <= Number(runs); number++) {
      say(`run ${number} of ${runs}`);
      await run(farm);
    }
  } finally {
    await remove(farm);
  }
}

async function main(): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      say(existsSync(folderFile) ? "the farm stays as it is: the next run removes it" : "ended");
      process.exit(1);
    });
  }
  if (existsSync(folderFile)) await remove(new TestFarm(stack, readFileSync(folderFile, "utf8")));
  try {
    await onFarm(withSteward, async (farm) => {
      const lost = await measured("a worker is switched off", farm, workerLost);
      say("it is switched on again");
      const back = await workerBack(farm);
      say(JSON.stringify(back));
      steward.push({ lost, back, step: await measured("load comes", farm, loadStep) });
    });
    await onFarm(withManagers, async (farm) => {
      leader.push(await measured("the leader is switched off", farm, leaderLost));
    });
  } finally {
    // A failure keeps the measurements before it.
    if (summary) {
      const policies = { stabilizationSeconds, bearable: replicas * target };
      const others = `${Math.min(...vmsOfOthers)} to ${Math.max(...vmsOfOthers)} VMs of others beside`;
      const counts = `${steward.length} and ${leader.length} runs`;
      process.stdout.write(`${summary.conditions} · ${others} · ${counts}\n\n`);
      process.stdout.write(`${table({ steward, leader }, summary.configured, policies)}\n`);
    }
  }
}

void main();
