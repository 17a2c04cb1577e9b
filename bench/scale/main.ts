import { servicesOfStack } from "../simulated/farm";
import { measureSizes, ratioLine, sizesOfArguments } from "../simulated/sizes";
import { growthTable, type Column } from "../simulated/table";
import { figuresOf } from "./run";

void main();

async function main(): Promise<void> {
  const sizes = sizesOfArguments({ runs: "1", nodes: "10 50 100" });
  // Pulumi compiles the program in its first run.
  await figuresOf({ nodes: 4, services: servicesOfStack });
  const { figures } = await measureSizes(sizes, (nodes) => figuresOf({ nodes, services: nodes * servicesOfStack }));
  for (const [name, runs] of figures) {
    const column: Column = { name, runs, digits: Number.isInteger([...runs.values()][0]?.[0]) ? 0 : 1 };
    console.log(`${growthTable([column])}\n\n${ratioLine(sizes, runs)}\n`);
  }
}
