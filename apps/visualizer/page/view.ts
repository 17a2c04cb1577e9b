import { nodeName, taskName } from "../shared/names.ts";
import type { ActivityLine, Node, ClusterState, Service, Task } from "../shared/model.ts";
import type { Route } from "./route.ts";
import { type Group, groupOf } from "./states.ts";

/** A task as one line of a column. */
export interface Row {
  readonly task: Task;
  readonly name: string;
  /** Which of the service colours it has. */
  readonly tint: number;
}

/** One node with its tasks. Without a node: the tasks that wait for one. */
export interface Column {
  readonly id: string;
  readonly node: Node | undefined;
  readonly rows: readonly Row[];
  /** Tasks on the node, shown or not. */
  readonly total: number;
  readonly reservedCpus: number;
  readonly reservedBytes: number;
}

const collator = new Intl.Collator(undefined, { numeric: true });
const tints = 8;

/** Services in the order people expect, `web-2` before `web-10`. */
export const sortedServices = (services: ReadonlyMap<string, Service>): readonly Service[] =>
  [...services.values()].sort((a, b) => collator.compare(a.name, b.name));

function sortedNodes(nodes: ReadonlyMap<string, Node>): readonly Node[] {
  const rank = (node: Node): number => Number(node.role !== "manager");
  return [...nodes.values()].sort((a, b) => rank(a) - rank(b) || collator.compare(a.name, b.name));
}

const named = (filter: string, name: string, id: string): boolean => filter === "" || filter === name || filter === id;

const wordsOf = (q: string): readonly string[] => q.toLowerCase().split(/\s+/).filter(Boolean);

/** Whether a node is to be shown though none of its tasks is: while all are looked at, or found itself. */
function stands(node: Node, route: Route): boolean {
  if (!route.service && !route.state && !route.q) return true;
  if (route.service || route.state) return false;
  const labels = Object.entries(node.labels).map(([key, value]) => `${key}=${value}`);
  const text = [node.name, node.role, node.state, node.availability, node.address, ...labels].join(" ").toLowerCase();
  return wordsOf(route.q).every((word) => text.includes(word));
}

function matcher(route: Route, clusterState: ClusterState): (task: Task, name: string) => boolean {
  const words = wordsOf(route.q);
  return (task, name) => {
    if (route.state && groupOf(task) !== route.state) return false;
    if (!named(route.service, clusterState.services.get(task.serviceId)?.name ?? "", task.serviceId)) return false;
    if (words.length === 0) return true;
    const host = task.nodeId ? nodeName(clusterState.nodes.get(task.nodeId), task.nodeId) : "";
    const text = `${name} ${host} ${task.image} ${task.state} ${task.reason}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

const sameRow = (a: Row | undefined, b: Row): boolean => a?.task === b.task && a.name === b.name && a.tint === b.tint;

function sameColumn(a: Column, b: Column): boolean {
  return (
    a.node === b.node &&
    a.total === b.total &&
    a.reservedCpus === b.reservedCpus &&
    a.reservedBytes === b.reservedBytes &&
    a.rows.length === b.rows.length &&
    a.rows.every((row, i) => row === b.rows[i])
  );
}

/**
 * The columns of a cluster's state. Columns and rows that show the same as before stay the same objects: that is how the page
 * knows, without looking at thousands of tasks, what it need not draw.
 */
export function columnsOf(clusterState: ClusterState, route: Route, before: readonly Column[]): readonly Column[] {
  const order = new Map(sortedServices(clusterState.services).map((service, i) => [service.id, i]));
  const known = new Map(before.flatMap((column) => column.rows.map((row) => [row.task.id, row])));
  const matches = matcher(route, clusterState);
  const grouped = new Map<string, { rows: Row[]; total: number; cpus: number; bytes: number }>();
  for (const task of clusterState.tasks.values()) {
    const key = clusterState.nodes.has(task.nodeId) ? task.nodeId : "";
    let group = grouped.get(key);
    if (!group) grouped.set(key, (group = { rows: [], total: 0, cpus: 0, bytes: 0 }));
    group.total++;
    if (task.state === "running") {
      group.cpus += task.reservedCpus;
      group.bytes += task.reservedBytes;
    }
    const name = taskName(clusterState, task);
    if (!matches(task, name)) continue;
    const row: Row = { task, name, tint: (order.get(task.serviceId) ?? 0) % tints };
    const old = known.get(task.id);
    group.rows.push(old && sameRow(old, row) ? old : row);
  }

  const positionOf = (row: Row): number => order.get(row.task.serviceId) ?? order.size;
  const column = (id: string, node: Node | undefined): Column => {
    const group = grouped.get(id) ?? { rows: [], total: 0, cpus: 0, bytes: 0 };
    group.rows.sort(
      (a, b) => positionOf(a) - positionOf(b) || a.task.slot - b.task.slot || b.task.createdAt - a.task.createdAt,
    );
    const made = {
      id,
      node,
      rows: group.rows,
      total: group.total,
      reservedCpus: group.cpus,
      reservedBytes: group.bytes,
    };
    const old = before.find((one) => one.id === id);
    return old && sameColumn(old, made) ? old : made;
  };
  const shown = sortedNodes(clusterState.nodes).filter(
    (node) => named(route.node, node.name, node.id) && (grouped.get(node.id)?.rows.length || stands(node, route)),
  );
  const waiting = route.node === "" && (grouped.get("")?.rows.length ?? 0) > 0 ? [column("", undefined)] : [];
  const columns = [...waiting, ...shown.map((node) => column(node.id, node))];
  return columns.length === before.length && columns.every((one, i) => one === before[i]) ? before : columns;
}

/** How many tasks are in each kind of state. */
export function countGroups(tasks: Iterable<Task>): ReadonlyMap<Group, number> {
  const counts = new Map<Group, number>();
  for (const task of tasks) counts.set(groupOf(task), (counts.get(groupOf(task)) ?? 0) + 1);
  return counts;
}

/** Whether a line of the time line belongs to what is looked at. */
export function lineMatches(line: ActivityLine, route: Route, services: ReadonlyMap<string, Service>): boolean {
  const service = services.get(line.service ?? "")?.name ?? (line.subject.kind === "service" ? line.subject.name : "");
  const node = line.on ?? (line.subject.kind === "node" ? line.subject : undefined);
  return (
    (route.service === "" || named(route.service, service, line.service ?? "")) &&
    (route.node === "" || (node !== undefined && named(route.node, node.name, node.id)))
  );
}
