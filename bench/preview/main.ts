import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FakeLibvirt } from "../../tests/support/fake-libvirt/server";
import { servicesOfStack } from "../simulated/farm";
import { mibOf, Project } from "../simulated/project";
import type { Usage } from "../simulated/run";
import { growthTable, perNodeRatio, record, type Column } from "../simulated/table";

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
  const { values } = parseArgs({
    options: { runs: { type: "string", default: "3" }, nodes: { type: "string", default: "4 25 100 250" } },
  });
  const sizes = values.nodes.split(" ").map(Number);
  const folder = mkdtempSync(join(tmpdir(), "libvirt-"));
  const libvirt = await FakeLibvirt.start(join(folder, "socket"));
  const measured = new Map<string, Map<number, number[]>>();
  const loads: number[] = [];
  try {
    const project = new Project("preview");
    const preview = async (nodes: number) => {
      await project.begin({ nodes, services: nodes * servicesOfStack }, libvirt.uri);
      return project.pulumi("preview", `--save-plan=${project.file("plan.json")}`);
    };
    // Pulumi compiles the program in its first run.
    await preview(Math.min(...sizes));
    for (let run = 1; run <= Number(values.runs); run += 1)
      for (const nodes of sizes) {
        const usage = await preview(nodes);
        for (const [name, { of }] of Object.entries(figures))
          record(measured, name, nodes, of(usage, project.file("plan.json")));
        loads.push(loadavg()[0] ?? NaN);
        process.stderr.write(`run ${String(run)}: ${String(nodes)} nodes: ${usage.seconds.toFixed(1)} s\n`);
      }
  } finally {
    await libvirt.stop();
    rmSync(folder, { recursive: true });
  }
  const columns = Object.entries(figures).map(([name, { digits }]): Column => ({
    name,
    digits,
    runs: measured.get(name) ?? new Map<number, number[]>(),
  }));
  const [few, many] = [Math.min(...sizes), Math.max(...sizes)];
  console.log(growthTable(columns));
  for (const { name, runs } of columns)
    console.log(
      `\n${name}, per node at ${String(many)} ÷ at ${String(few)}: ${perNodeRatio(runs, few, many).toFixed(2)}`,
    );
  console.log(`\nload average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, each) => all + each, 0);
}
