import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { bursts } from "./bursts";
import { long, short, type Lines } from "./lines";
import { measure, type Figure } from "./measure";
import { isBorne, tables, type Run } from "./table";

/** Lines a second while the store is away. */
const awayRate = 5000;

/** The highest rate that is borne, of four: the first is nearly as much as was taken while there was too much. */
async function highest(lines: Lines, takenRate: number, seconds: number): Promise<Figure | undefined> {
  for (const share of [0.9, 0.75, 0.6, 0.45]) {
    const rate = Math.max(100, Math.round((takenRate * share) / 100) * 100);
    const figure = await measure({ lines, rate, seconds });
    report(`${lines.name}, ${String(rate)} a second`, figure);
    if (isBorne(figure, rate)) return figure;
  }
  return undefined;
}

function report(name: string, figure: object): void {
  process.stderr.write(
    `${new Date().toISOString().slice(11, 19)} load ${(loadavg()[0] ?? 0).toFixed(1)} ${name}: ${JSON.stringify(figure)}\n`,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "3" },
      seconds: { type: "string", default: "20" },
      away: { type: "string", default: "60" },
      parts: { type: "string", default: "120 B,1 kB,away,bursts" },
    },
  });
  const [seconds, awaySeconds] = [Number(values.seconds), Number(values.away)];
  const runs: Run[] = [];
  for (let number = 1; number <= Number(values.runs); number += 1) {
    for (const lines of [short, long].filter(({ name }) => values.parts.includes(name))) {
      const tooMuch = await measure({ lines, rate: lines.tooMany, seconds: seconds / 2 });
      report(`${lines.name}, too many`, tooMuch);
      const most = await highest(lines, tooMuch.takenRate, seconds);
      runs.push({ lines: lines.name, tooMuch, highest: most, load: loadavg()[0] ?? NaN });
    }
    if (values.parts.includes("away")) {
      const away = await measure({ lines: short, rate: awayRate, seconds: awaySeconds + 10 }, { awaySeconds });
      report("store away", away);
      runs.push({ away });
    }
    if (values.parts.includes("bursts")) {
      const lost = await bursts();
      report("bursts", Object.fromEntries(lost));
      runs.push({ bursts: lost });
    }
  }
  console.log(tables(runs));
}

void main();
