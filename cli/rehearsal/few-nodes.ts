import { nodeOrder } from "../../infra/config/node-order";
import { defaultMemoryMiB } from "../../infra/config/node-schema";

/** A node of the configuration as it is written, with its role. */
export type RawNode = Readonly<Record<string, unknown>> & { readonly role: "manager" | "worker" };

/**
 * As few nodes as have a place for every service: one of each role takes the labels of the others, unless these contradict each other, or the
 * nodes differ in what a task may notice. Of several managers one is enough, unless one more is needed: then all stay, since their
 * number is odd.
 *
 * @param needed nodes that must be there under their own name
 */
export function fewNodes(
  nodes: Readonly<Record<string, RawNode>>,
  needed: ReadonlySet<string>,
): Readonly<Record<string, RawNode>> {
  const inOrder = Object.entries(nodes)
    .map(([name, node]) => ({ name, role: node.role, node }))
    .sort(nodeOrder);
  const kept = new Map<string, RawNode>();
  for (const role of ["manager", "worker"] as const) {
    const all = inOrder.filter((each) => each.role === role);
    // The first manager has the registry. The name of a needed node stays, so that it is taken before others.
    const [first, ...others] = role === "manager" ? all : byNeed(all, needed);
    if (!first) continue;
    const joined = join([first, ...byNeed(others, needed)], needed);
    const isWhole = role === "worker" || joined.size === 1;
    for (const [name, node] of isWhole ? joined : all.map(({ name, node }) => [name, node] as const))
      kept.set(name, node);
  }
  return Object.fromEntries([...kept].map(([name, { host: _, ...node }]) => [name, node as RawNode]));
}

/** The memory of all together. */
export function memoryOf(nodes: Readonly<Record<string, RawNode>>): number {
  return Object.values(nodes).reduce((sum, node) => sum + numberOf(node.memoryMiB, defaultMemoryMiB), 0);
}

interface Listed {
  readonly name: string;
  readonly node: RawNode;
}

function byNeed<T extends Listed>(all: readonly T[], needed: ReadonlySet<string>): T[] {
  return [...all.filter(({ name }) => needed.has(name)), ...all.filter(({ name }) => !needed.has(name))];
}

function join(all: readonly Listed[], needed: ReadonlySet<string>): Map<string, RawNode> {
  const kept = new Map<string, RawNode>();
  for (const { name, node } of all) {
    const into = needed.has(name) ? undefined : [...kept].find(([, other]) => canJoin(node, other));
    // A drained node has no tasks, and one that is kept has a place for all.
    if (into === undefined && kept.size > 0 && !needed.has(name) && node.availability === "drain") continue;
    kept.set(into?.[0] ?? name, into ? together(into[1], node) : node);
  }
  return kept;
}

/** Keys in which nodes that become one must not differ. */
const same = ["availability", "image", "storageDriver"] as const;

function canJoin(one: RawNode, other: RawNode): boolean {
  const [labels, others] = [labelsOf(one), labelsOf(other)];
  return (
    same.every((key) => JSON.stringify(one[key]) === JSON.stringify(other[key])) &&
    Object.entries(labels).every(([key, value]) => (others[key] ?? value) === value)
  );
}

/** A node with the labels of both, as large as the larger. */
function together(one: RawNode, other: RawNode): RawNode {
  const sizes = (["vcpu", "memoryMiB", "diskGiB"] as const).flatMap((key) => {
    const largest = Math.max(numberOf(one[key], 0), numberOf(other[key], 0));
    return largest === 0 ? [] : [[key, largest] as const];
  });
  const labels = { ...labelsOf(other), ...labelsOf(one) };
  return { ...one, ...Object.fromEntries(sizes), ...(Object.keys(labels).length > 0 ? { labels } : {}) };
}

function labelsOf({ labels }: RawNode): Record<string, string> {
  const entries = typeof labels === "object" && labels !== null ? Object.entries(labels) : [];
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
