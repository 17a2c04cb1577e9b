import { type Graph, type PanelInfo, type Series, seriesAtMost } from "../../shared/graphs.ts";
import type { Query } from "./catalog.ts";
import type { Found, Steps } from "./prometheus.ts";

const letters = 120;
const collator = new Intl.Collator("en", { numeric: true });

/** A global service's task in a container's name: the service, and the id of its node. */
const globalTask = /^(.+)\.([a-z0-9]{25})$/;

/**
 * The lines of a graph: those that matter most, sorted by name, and how many are left out.
 *
 * @param nodeNames of nodes by their ids
 */
export function graphOf(
  panel: PanelInfo,
  results: readonly (readonly [Query, readonly Found[]])[],
  steps: Steps,
  nodeNames: ReadonlyMap<string, string>,
): Graph {
  const all = results.flatMap(([{ line, isBound }, found]) =>
    found.map(({ labels, values }): Series => {
      const name = typeof line === "string" ? line : nameOf(labels[line.label] ?? "", line.label, nodeNames);
      return { name: name.slice(0, letters), values, ...(isBound && { isBound }) };
    }),
  );
  const [bounds, lines] = [all.filter(({ isBound }) => isBound), all.filter(({ isBound }) => !isBound)];
  const shown = panel.allZero === undefined ? lines : lines.filter(({ values }) => values.some(Boolean));
  // One is enough to say that there are data, and all of it 0.
  const rest = shown.length === 0 ? lines.slice(0, 1).map((one) => ({ ...one, name: "all" })) : shown;
  const kept = [...rest].sort((a, b) => rank(b, panel) - rank(a, panel)).slice(0, seriesAtMost);
  return {
    from: steps.from,
    stepMs: steps.stepMs,
    series: [...kept.sort((a, b) => collator.compare(a.name, b.name)), ...bounds.slice(0, 1)],
    cut: rest.length - kept.length,
  };
}

/** The larger, the more a line matters. */
function rank({ values }: Series, { keep }: PanelInfo): number {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length === 0) return -Infinity;
  return keep === "lowest" ? -numbers.reduce((a, b) => Math.min(a, b)) : numbers.reduce((a, b) => Math.max(a, b));
}

function nameOf(value: string, label: string, nodeNames: ReadonlyMap<string, string>): string {
  const [, service, node] = (label === "task" ? globalTask.exec(value) : undefined) ?? [];
  if (service === undefined || node === undefined) return value || "without a name";
  return `${service}@${nodeNames.get(node) ?? node.slice(0, 12)}`;
}
