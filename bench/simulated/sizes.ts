import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { perNodeRatio, record, type Runs } from "./table";

/** Figures of one farm, by their names. */
export type Figures = Readonly<Record<string, number>>;

/** The farms of a measurement. */
export interface Sizes {
  readonly runs: number;
  /** The number of nodes of each farm. */
  readonly nodes: readonly number[];
}

/** The results of a measurement. */
export interface Measured {
  /** By the names of the figures. */
  readonly figures: ReadonlyMap<string, Runs>;
  /** The machine's load average after each farm. */
  readonly loads: readonly number[];
}

/** The sizes of the command line, `--runs 3 --nodes "4 25"`. */
export function sizesOfArguments(defaults: { readonly runs: string; readonly nodes: string }): Sizes {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: defaults.runs },
      nodes: { type: "string", default: defaults.nodes },
    },
  });
  return { runs: Number(values.runs), nodes: values.nodes.split(" ").map(Number) };
}

/** Measures each farm in each run; a measurement of hours that is ended has printed those before on standard error. */
export async function measureSizes(
  { runs, nodes: sizes }: Sizes,
  figuresOf: (nodes: number) => Promise<Figures>,
): Promise<Measured> {
  const figures = new Map<string, Map<number, number[]>>();
  const loads: number[] = [];
  for (let run = 1; run <= runs; run += 1)
    for (const nodes of sizes) {
      const these = await figuresOf(nodes);
      for (const [name, value] of Object.entries(these)) record(figures, name, nodes, value);
      const load = loadavg()[0] ?? NaN;
      loads.push(load);
      process.stderr.write(
        `run ${String(run)}: ${String(nodes)} nodes, load average ${load.toFixed(1)}: ${JSON.stringify(these)}\n`,
      );
    }
  return { figures, loads };
}

/** The ratio of the largest farm's nodes to the smallest one's, in words. */
export function ratioLine({ nodes }: Sizes, runs: Runs): string {
  const [few, many] = [Math.min(...nodes), Math.max(...nodes)];
  return `per node at ${String(many)} ÷ at ${String(few)}: ${perNodeRatio(runs, few, many).toFixed(2)}`;
}
