import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeLibvirt } from "../../tests/support/fake-libvirt/server";
import { servicesOfStack } from "../simulated/farm";
import { mibOf, Project } from "../simulated/project";
import type { Usage } from "../simulated/run";
import { measureSizes, ratioLine, sizesOfArguments, type Measured, type Sizes } from "../simulated/sizes";
import { growthTable, type Column } from "../simulated/table";
import { sum } from "../sum";

/** Figures of a preview, and their digits after the point. */
const figures = {
  "wall, s": { digits: 1, of: ({ seconds }: Usage) => seconds },
  "CPU, s": { digits: 1, of: ({ programs }: Usage) => sum([...programs.values()].map((each) => each.cpuSeconds)) },
  "Node.js, MiB": { digits: 0, of: ({ programs }: Usage) => programs.get("node")?.mib ?? NaN },
  "pulumi, MiB": { digits: 0, of: ({ programs }: Usage) => programs.get("pulumi")?.mib ?? NaN },
  "plan, MiB": { digits: 1, of: (_: Usage, plan: string) => mibOf(plan) },
} as const;

void main();

async function main(): Promise<void> {
  const sizes = sizesOfArguments({ runs: "3", nodes: "4 25 100 250" });
  const measured = await measure(sizes);
  const columns = Object.entries(figures).map(([name, { digits }]): Column => ({
    name,
    digits,
    runs: measured.figures.get(name) ?? new Map<number, number[]>(),
  }));
  console.log(growthTable(columns));
  for (const { name, runs } of columns) console.log(`\n${name}, ${ratioLine(sizes, runs)}`);
  const { loads } = measured;
  console.log(`\nload average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`);
}

async function measure(sizes: Sizes): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "libvirt-"));
  const libvirt = await FakeLibvirt.start(join(folder, "socket"));
  const project = new Project("preview");
  const plan = project.file("plan.json");
  const preview = async (nodes: number) => {
    await project.begin({ nodes, services: nodes * servicesOfStack }, libvirt.uri);
    const usage = await project.pulumi("preview", `--save-plan=${plan}`);
    return Object.fromEntries(Object.entries(figures).map(([name, { of }]) => [name, of(usage, plan)]));
  };
  try {
    // Pulumi compiles the program in its first run.
    await preview(Math.min(...sizes.nodes));
    return await measureSizes(sizes, preview);
  } finally {
    await libvirt.stop();
    rmSync(folder, { recursive: true });
  }
}
