import { counted } from "../../infra/config/counted";
import type { Problem } from "../../infra/config/problem";
import type { RuleContext } from ".";

/** Where a service's tasks may run, and what they need there. */
export interface Placement {
  /** The service's name in the swarm. */
  readonly service: string;
  /** The position that a message names: a key of the configuration, or a file's line. */
  readonly key: string;
  /** As Swarm takes them, e.g. `node.labels.ssd == true`, each with what a message names. */
  readonly constraints: readonly { readonly constraint: string; readonly key: string }[];
  readonly replicas: number | "global";
  /** Default: any number. */
  readonly maxReplicasPerNode?: number;
  /** Of each task. Default: nothing. */
  readonly reservations?: { readonly cpus?: number; readonly memoryMiB?: number };
  /** Whether its tasks may end, and what they reserve is free again. Default: false. */
  readonly ends?: boolean;
}

type Nodes = RuleContext["nodes"];
type Node = readonly [name: string, node: Nodes[string]];

/**
 * Services that have no place on the nodes of the configuration, whose tasks would stay pending. Whether a node is drained does not
 * count: that passes.
 */
export function placementProblems(placements: readonly Placement[], nodes: Nodes): Problem[] {
  const all = Object.entries(nodes);
  const alone = placements.flatMap((placement) => {
    const never = placement.constraints.filter(({ constraint }) => !all.some((node) => holds(constraint, node)));
    if (never.length > 0) return never.map(({ key, constraint }) => ({ path: key, message: unmet(constraint, all) }));
    const eligible = eligibleFor(placement, all);
    return eligible.length === 0
      ? [noneOf(placement)]
      : [...tooMany(placement, eligible), ...tooLarge(placement, eligible)];
  });
  // Of services that have no place alone, more has been said.
  return alone.length > 0 ? alone : overbooked(placements, all);
}

function eligibleFor({ constraints }: Placement, nodes: readonly Node[]): Node[] {
  return nodes.filter((node) => constraints.every(({ constraint }) => holds(constraint, node)));
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

const sizes = [
  { of: "cpus", size: "vcpu", unit: "CPUs" },
  { of: "memoryMiB", size: "memoryMiB", unit: "MiB" },
] as const;

/** Tasks that the nodes have no room for, even if nothing else ran there. */
function tooLarge({ service, key, replicas, reservations = {} }: Placement, eligible: readonly Node[]): Problem[] {
  return sizes.flatMap(({ of, size, unit }): Problem[] => {
    const reserved = reservations[of] ?? 0;
    if (reserved === 0) return [];
    const rooms = eligible.map(([, node]) => Math.floor(node[size] / reserved));
    const room = rooms.reduce((sum, each) => sum + each, 0);
    const fits = replicas === "global" ? rooms.every((each) => each > 0) : replicas <= room;
    if (fits) return [];
    const tasks = replicas === "global" ? "a task on each node" : counted(replicas, "task");
    const each = eligible.map(([name, node]) => `${name} ${String(node[size])}`).join(", ");
    return [
      {
        path: key,
        message: `'${service}' reserves ${String(reserved)} ${unit} for each of ${tasks}, and its nodes have room for ${String(room)} (${size}: ${each}); lower the reservation or the replicas, or give a node more`,
      },
    ];
  });
}

/**
 * Services of all stacks that have room alone and not together: all that can run only on some nodes, and one task of each global
 * service there, reserve more than these nodes have. One problem for each size, of the fewest nodes.
 */
function overbooked(placements: readonly Placement[], nodes: readonly Node[]): Problem[] {
  const lasting = placements.flatMap((placement) =>
    placement.ends ? [] : [{ placement, eligible: eligibleFor(placement, nodes) }],
  );
  const groups = [...lasting.map(({ eligible }) => eligible), ...nodes.map((node) => [node])].sort(
    (a, b) => a.length - b.length,
  );
  return sizes.flatMap(({ of, size, unit }): Problem[] => {
    for (const group of groups) {
      const users = lasting.flatMap(({ placement, eligible }) => {
        const reserved = (placement.reservations?.[of] ?? 0) * tasksWithin(placement, eligible, group);
        return reserved > 0 ? [{ placement, reserved }] : [];
      });
      const reserved = users.reduce((sum, each) => sum + each.reserved, 0);
      const room = group.reduce((sum, [, node]) => sum + node[size], 0);
      const [first] = users;
      // A sum of decimals, e.g. 0.1 + 0.2 CPUs, is a little more than it should be.
      if (first === undefined || reserved <= room + 1e-6) continue;
      const list = users.map((each) => `'${each.placement.service}' ${amount(each.reserved)}`).join(", ");
      return [
        {
          path: first.placement.key,
          message: `services that must run on ${names(group)} together reserve ${amount(reserved)} ${unit}, and there are ${amount(room)} (${list}); lower a reservation or the replicas, or give a node more`,
        },
      ];
    }
    return [];
  });
}

/** How many tasks of a service must run on some nodes. */
function tasksWithin({ replicas }: Placement, eligible: readonly Node[], group: readonly Node[]): number {
  const inside = eligible.filter((node) => group.includes(node)).length;
  if (replicas === "global") return inside;
  return inside === eligible.length ? replicas : 0;
}

function amount(number: number): string {
  return String(Number(number.toFixed(3)));
}

function names(nodes: readonly Node[]): string {
  return nodes.map(([name]) => name).join(", ");
}
