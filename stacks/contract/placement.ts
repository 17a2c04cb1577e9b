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
type NodeSet = ReadonlySet<Node>;

/**
 * Services that have no place on the nodes of the configuration, whose tasks would stay pending. Whether a node is drained does not
 * count: that passes.
 */
export function placementProblems(placements: readonly Placement[], nodes: Nodes): Problem[] {
  const all = Object.entries(nodes);
  const eligibleOf = eligibility(all);
  const alone = placements.flatMap((placement) => {
    const never = placement.constraints.filter(({ constraint }) => !all.some((node) => holds(constraint, node)));
    if (never.length > 0) return never.map(({ key, constraint }) => ({ path: key, message: unmet(constraint, all) }));
    const eligible = [...eligibleOf(placement)];
    return eligible.length === 0
      ? [noneOf(placement)]
      : [...tooMany(placement, eligible), ...tooLarge(placement, eligible)];
  });
  // Of services that have no place alone, more has been said.
  return alone.length > 0 ? alone : overbooked(placements, eligibleOf, all);
}

/** The nodes on which a service's tasks may run. Services with the same nodes have the same set. */
type Eligibility = (placement: Pick<Placement, "constraints">) => NodeSet;

/** A thousand services have few sets of nodes: each is found once. */
function eligibility(nodes: readonly Node[]): Eligibility {
  const byConstraints = new Map<string, NodeSet>();
  const byNames = new Map<string, NodeSet>();
  return ({ constraints }) => {
    const text = JSON.stringify(constraints.map(({ constraint }) => constraint));
    const known = byConstraints.get(text);
    if (known) return known;
    const found = nodes.filter((node) => constraints.every(({ constraint }) => holds(constraint, node)));
    const set = byNames.get(names(found)) ?? new Set(found);
    byNames.set(names(found), set);
    byConstraints.set(text, set);
    return set;
  };
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
    const roomOf = ([, node]: Node) => Math.floor(node[size] / reserved);
    const fits =
      replicas === "global" ? eligible.every((node) => roomOf(node) > 0) : hasRoom(replicas, eligible, roomOf);
    if (fits) return [];
    const room = eligible.reduce((sum, node) => sum + roomOf(node), 0);
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

/** Whether nodes have room for so many tasks; it looks at no more of them than it needs. */
function hasRoom(tasks: number, nodes: readonly Node[], roomOf: (node: Node) => number): boolean {
  let room = 0;
  for (const node of nodes) {
    room += roomOf(node);
    if (room >= tasks) return true;
  }
  return false;
}

/**
 * Services of all stacks that have room alone and not together: all that can run only on some nodes, and one task of each global
 * service there, reserve more than these nodes have. One problem for each size, of the fewest nodes.
 */
function overbooked(placements: readonly Placement[], eligibleOf: Eligibility, nodes: readonly Node[]): Problem[] {
  const lasting = placements
    .filter(({ ends = false }) => !ends)
    .map((placement) => ({ placement, eligible: eligibleOf(placement) }));
  const single = nodes.map((node): NodeSet => new Set([node]));
  const groups = [...new Set([...lasting.map(({ eligible }) => eligible), ...single])].sort((a, b) => a.size - b.size);
  return sizes.flatMap(({ of, size, unit }): Problem[] => {
    const reserving = lasting
      .map((each) => ({ ...each, sums: sumsOf(each.placement, each.eligible, of) }))
      .filter(({ sums }) => sums.replicated + sums.global > 0);
    const merged = mergedBySet(reserving.map(({ sums }) => sums));
    for (const group of groups) {
      const room = [...group].reduce((sum, [, node]) => sum + node[size], 0);
      const reserved = merged.reduce((sum, each) => sum + reservedWithin(each, group), 0);
      // A sum of decimals, e.g. 0.1 + 0.2 CPUs, is a little more than it should be.
      if (reserved <= room + 1e-6) continue;
      const users = reserving
        .map(({ placement, sums }) => ({ placement, reserved: reservedWithin(sums, group) }))
        .filter((each) => each.reserved > 0);
      const list = users.map((each) => `'${each.placement.service}' ${amount(each.reserved)}`).join(", ");
      return [
        {
          path: users[0]?.placement.key ?? "",
          message: `services that must run on ${names([...group])} together reserve ${amount(reserved)} ${unit}, and there are ${amount(room)} (${list}); lower a reservation or the replicas, or give a node more`,
        },
      ];
    }
    return [];
  });
}

/** Reservations of services with the same nodes. */
interface Sums {
  readonly eligible: NodeSet;
  /** Of all tasks of services with replicas. */
  readonly replicated: number;
  /** Of one task of each global service. */
  readonly global: number;
}

function sumsOf({ replicas, reservations }: Placement, eligible: NodeSet, of: "cpus" | "memoryMiB"): Sums {
  const each = reservations?.[of] ?? 0;
  return replicas === "global"
    ? { eligible, replicated: 0, global: each }
    : { eligible, replicated: each * replicas, global: 0 };
}

function mergedBySet(all: readonly Sums[]): Sums[] {
  const merged = new Map<NodeSet, Sums>();
  for (const { eligible, replicated, global } of all) {
    const before = merged.get(eligible) ?? { replicated: 0, global: 0 };
    merged.set(eligible, {
      eligible,
      replicated: before.replicated + replicated,
      global: before.global + global,
    });
  }
  return [...merged.values()];
}

/** The reservations that must be on some nodes: of services that can run nowhere else, and one task of each global service on each node. */
function reservedWithin({ eligible, replicated, global }: Sums, group: NodeSet): number {
  const [few, many] = eligible.size < group.size ? [eligible, group] : [group, eligible];
  const inside = [...few].filter((node) => many.has(node)).length;
  return global * inside + (inside === eligible.size ? replicated : 0);
}

function amount(number: number): string {
  return String(Number(number.toFixed(3)));
}

function names(nodes: readonly Node[]): string {
  return nodes.map(([name]) => name).join(", ");
}
