import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { servicesOfStack } from "../simulated/farm";
import { growthTable, perNodeRatio, record, type Column } from "../simulated/table";
import { figuresOf } from "./run";

void main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: "string", default: "1" }, nodes: { type: "string", default: "10 50 100" } },
  });
  const sizes = values.nodes.split(" ").map(Number);
  const measured = new Map<string, Map<number, number[]>>();
  // Pulumi compiles the program in its first run.
  await figuresOf({ nodes: 4, services: servicesOfStack });
  for (let run = 1; run <= Number(values.runs); run += 1)
    for (const nodes of sizes) {
      const figures = await figuresOf({ nodes, services: nodes * servicesOfStack });
      for (const [name, value] of Object.entries(figures)) record(measured, name, nodes, value);
      const load = (loadavg()[0] ?? NaN).toFixed(1);
      // A run of hours that is ended has these.
      process.stderr.write(
        `run ${String(run)}: ${String(nodes)} nodes, load average ${load}: ${JSON.stringify(figures)}\n`,
      );
    }
  const [few, many] = [Math.min(...sizes), Math.max(...sizes)];
  for (const [name, runs] of measured) {
    const column: Column = { name, runs, digits: Number.isInteger([...runs.values()][0]?.[0]) ? 0 : 1 };
    const ratio = perNodeRatio(runs, few, many).toFixed(2);
    console.log(`${growthTable([column])}\n\nper node at ${String(many)} ÷ at ${String(few)}: ${ratio}\n`);
  }
}
