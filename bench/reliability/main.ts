/**
 * What happens to a farm of this bench's own when things fail, with Swarm's own part beside it: `tsx main.ts RUNS PLACE`.
 * PLACE is a file that says where the farm is, for whoever has to remove what a run that was killed left.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TestFarm } from "../../tests/live/farm";
import { conditions, othersMachines } from "./conditions";
import type { Figures } from "./figures";
import { leaderLost } from "./leader";
import { loadStep, target } from "./step";
import { configuration, ownSeconds, quietSeconds, replicas, settled } from "./swarm";
import { table } from "./table";
import { workerBack, workerLost } from "./worker";

const stack = "test-bench";
const [runs = "1", place = ""] = process.argv.slice(2);

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

/** Removes a farm, and says where it is as long as it could not be removed. */
async function remove(farm: TestFarm): Promise<void> {
  if (existsSync(join(farm.home, "s", "swarm-farm", stack))) {
    say("destroying the farm");
    await farm.ok(["destroy"]);
  }
  await farm.end();
  rmSync(place, { force: true });
}

async function measure(farm: TestFarm): Promise<Figures> {
  const phase = async <T>(name: string, measured: (farm: TestFarm) => Promise<T>): Promise<T> => {
    await settled(farm);
    say(name);
    const figures = await measured(farm);
    say(JSON.stringify(figures));
    return figures;
  };
  const lost = await phase("a worker is switched off", workerLost);
  say("it is switched on again");
  const back = await workerBack(farm);
  say(JSON.stringify(back));
  const step = await phase("load comes", loadStep);
  const leader = await phase("the leader is switched off", leaderLost);
  return { lost, back, step, leader };
}

async function main(): Promise<void> {
  if (existsSync(place)) await remove(new TestFarm(stack, readFileSync(place, "utf8")));
  const farm = new TestFarm(stack);
  writeFileSync(place, farm.home);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      say(`the farm stays as it is in ${farm.home}: the next run removes it`);
      process.exit(1);
    });
  }
  const measured: Figures[] = [];
  const others: number[] = [];
  try {
    farm.configureAs(configuration);
    say("building the farm");
    await farm.ok(["up"]);
    await farm.trustAuthority();
    for (let run = 1; run <= Number(runs); run++) {
      say(`run ${run} of ${runs}`);
      others.push(othersMachines(farm));
      measured.push(await measure(farm));
      others.push(othersMachines(farm));
    }
  } finally {
    // A run that fails takes nothing from those before it.
    if (measured.length > 0) {
      const policies = { quietSeconds, bearable: replicas * target };
      const text = table(measured, await ownSeconds(farm), policies);
      process.stdout.write(`${await conditions(farm, others)}\n${measured.length} runs\n\n${text}\n`);
    }
    await remove(farm);
  }
}

void main();
