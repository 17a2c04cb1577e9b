import type { Problem } from "../../infra/config/problem";
import type { RuleContext } from ".";

/** Where a service's tasks may run, and what they need there. */
export interface Placement {
  /** The service's name in the swarm. */
  readonly service: string;
  /** What a message names: a key of the configuration, or a file's line. */
  readonly key: string;
  /** As Swarm takes them, e.g. `node.labels.ssd == true`, each with what a message names. */
  readonly constraints: readonly { readonly constraint: string; readonly key: string }[];
  readonly replicas: number | "global";
  /** Default: any number. */
  readonly maxReplicasPerNode?: number;
  /** Of each task. Default: nothing. */
  readonly reservations?: { readonly cpus?: number; readonly memoryMiB?: number };
}

type Nodes = RuleContext["nodes"];
type Node = readonly [name: string, node: Nodes[string]];

/**
 * Services that have no place on the nodes of the configuration, whose tasks would stay pending. Whether a node is drained does not
 * count: that passes.
 */
export function placementProblems(placements: readonly Placement[], nodes: Nodes): Problem[] {
  return placements.flatMap((placement) => {
    const all = Object.entries(nodes);
    const never = placement.constraints.filter(({ constraint }) => !all.some((node) => holds(constraint, node)));
    if (never.length > 0) return never.map(({ key, constraint }) => ({ path: key, message: unmet(constraint, all) }));
    const eligible = all.filter((node) => placement.constraints.every(({ constraint }) => holds(constraint, node)));
    return eligible.length === 0
      ? [noneOf(placement)]
      : [...tooMany(placement, eligible), ...tooLarge(placement, eligible)];
  });
}

/**
 * Whether a node can fulfil a constraint, as Swarm compares: without case, and a label that is not there is empty. What only a running
 * node knows, e.g. its id or platform, is taken to hold.
 */
function holds(constraint: string, [name, { role, labels }]: Node): boolean {
  const [, key = "", operator, value = ""] = /^\s*(\S+?)\s*(==|!=)\s*(.*?)\s*$/.exec(constraint) ?? [];
  const [, label] = /^node\.labels\.(.+)$/i.exec(key) ?? [];
  const known: Readonly<Partial<Record<string, string>>> = { "node.role": role, "node.hostname": name };
  const actual = label === undefined ? known[key.toLowerCase()] : (labels[label] ?? "");
  if (operator === undefined || actual === undefined) return true;
  return (actual.toLowerCase() === value.toLowerCase()) === (operator === "==");
}

function unmet(constraint: string, nodes: readonly Node[]): string {
  const [, label, value] = /^\s*node\.labels\.(\S+?)\s*==\s*(.*?)\s*$/i.exec(constraint) ?? [];
  const advice =
    label === undefined || value === undefined
      ? `change it; nodes: ${nodes.map(([name, { role }]) => `${name} (${role})`).join(", ")}`
      : `set nodes.NODE.labels.${label} to ${JSON.stringify(value)}, or change the constraint`;
  return `'${constraint}' holds on no node; ${advice}`;
}

function noneOf({ service, key, constraints }: Placement): Problem {
  const list = constraints.map(({ constraint }) => `'${constraint}'`).join(" and ");
  return {
    path: key,
    message: `'${service}' has no place: no node fulfils ${list}; change one of them, or a node's labels`,
  };
}

function tooMany({ service, key, replicas, maxReplicasPerNode }: Placement, eligible: readonly Node[]): Problem[] {
  if (replicas === "global" || maxReplicasPerNode === undefined) return [];
  const most = maxReplicasPerNode * eligible.length;
  if (replicas <= most) return [];
  return [
    {
      path: key,
      message: `'${service}' has ${String(replicas)} tasks, and at most ${String(maxReplicasPerNode)} may run on each of ${names(eligible)}: lower the replicas to ${String(most)}, or add a node`,
    },
  ];
}

/** Tasks that the nodes have no room for, even if nothing else ran there. */
function tooLarge({ service, key, replicas, reservations = {} }: Placement, eligible: readonly Node[]): Problem[] {
  const sizes = [
    { reserved: reservations.cpus, size: "vcpu", unit: "CPUs" },
    { reserved: reservations.memoryMiB, size: "memoryMiB", unit: "MiB" },
  ] as const;
  return sizes.flatMap(({ reserved = 0, size, unit }): Problem[] => {
    if (reserved === 0) return [];
    const rooms = eligible.map(([, node]) => Math.floor(node[size] / reserved));
    const room = rooms.reduce((sum, each) => sum + each, 0);
    const fits = replicas === "global" ? rooms.every((each) => each > 0) : replicas <= room;
    if (fits) return [];
    const tasks = replicas === "global" ? "a task on each node" : `${String(replicas)} tasks`;
    const each = eligible.map(([name, node]) => `${name} ${String(node[size])}`).join(", ");
    return [
      {
        path: key,
        message: `'${service}' reserves ${String(reserved)} ${unit} for each of ${tasks}, and its nodes have room for ${String(room)} (${size}: ${each}); lower the reservation or the replicas, or give a node more`,
      },
    ];
  });
}

function names(nodes: readonly Node[]): string {
  return nodes.map(([name]) => name).join(", ");
}
