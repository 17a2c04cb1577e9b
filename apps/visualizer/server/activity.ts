import type { ActivityLine, Level, Node, ClusterState, Service, Subject, Task } from "../shared/model.ts";
import { nodeName, taskName } from "../shared/names.ts";

/** A line of the time line before it has its number. */
export type NewLine = Omit<ActivityLine, "id">;

const subjectOf = (kind: Subject["kind"], id: string, name: string): Subject => ({ kind, id, name });

function nodeNews(now: number, before: Node | undefined, after: Node | undefined): NewLine[] {
  const node = after ?? before;
  if (!node) return [];
  const subject = subjectOf("node", node.id, nodeName(node, node.id));
  const line = (level: Level, verb: string, detail?: string): NewLine => ({
    at: now,
    level,
    subject,
    verb,
    ...(detail && { detail }),
  });
  if (!before) return [line("good", "joined the swarm")];
  if (!after) return [line("warn", "left the swarm")];
  const news: NewLine[] = [];
  if (before.state !== after.state) {
    news.push(line(after.state === "ready" ? "good" : "bad", `is ${after.state}`, after.message));
  }
  if (before.availability !== after.availability) {
    const verbs: Record<string, string> = { drain: "is drained", pause: "is paused", active: "takes tasks again" };
    news.push(line(after.availability === "active" ? "good" : "warn", verbs[after.availability] ?? after.availability));
  }
  if (before.role !== after.role) news.push(line("plain", `is a ${after.role} now`));
  if (!before.leader && after.leader) news.push(line("plain", "leads the managers now"));
  if (before.reachability !== after.reachability && after.reachability) {
    news.push(line(after.reachability === "reachable" ? "good" : "bad", `is ${after.reachability} as a manager`));
  }
  return news;
}

const updateNews: Record<string, [Level, string]> = {
  updating: ["plain", "is being updated"],
  completed: ["good", "is updated"],
  paused: ["bad", "has stopped its update"],
  rollback_started: ["warn", "is being rolled back"],
  rollback_completed: ["warn", "is rolled back"],
  rollback_paused: ["bad", "has stopped its rollback"],
};

function serviceNews(now: number, before: Service | undefined, after: Service | undefined): NewLine[] {
  const service = after ?? before;
  if (!service) return [];
  const line = (level: Level, verb: string, detail?: string): NewLine => ({
    at: now,
    level,
    subject: subjectOf("service", service.id, service.name),
    verb,
    service: service.id,
    ...(detail && { detail }),
  });
  if (!before) return [line("good", "was created", service.image)];
  if (!after) return [line("warn", "was removed")];
  const news: NewLine[] = [];
  if (before.desiredTasks !== after.desiredTasks && after.mode === "replicated") {
    news.push(line("plain", `is scaled from ${before.desiredTasks} to ${after.desiredTasks}`));
  }
  if (before.image !== after.image) news.push(line("plain", "has another image", after.image));
  const update =
    after.update && before.update?.state !== after.update.state ? updateNews[after.update.state] : undefined;
  if (update) news.push(line(...update, after.update?.message));
  return news;
}

const stateLevels: Record<string, Level> = {
  running: "good",
  complete: "good",
  failed: "bad",
  rejected: "bad",
  orphaned: "bad",
};
/** Between these a task only passes; naming each would bury what matters. */
const passing = new Set(["new", "allocated", "assigned", "accepted", "preparing", "ready", "starting", "remove"]);

function taskNews(now: number, after: ClusterState, before: Task | undefined, task: Task): NewLine[] {
  const waits = task.state === "pending" && task.reason !== "" && before?.reason !== task.reason;
  if (before?.state === task.state ? !waits : passing.has(task.state)) return [];
  const exit = task.exitCode ? `exit ${task.exitCode}` : "";
  const detail = [task.state === "running" || task.state === "shutdown" ? "" : task.reason, exit].filter(Boolean);
  const node = task.nodeId && nodeName(after.nodes.get(task.nodeId), task.nodeId);
  return [
    {
      at: now,
      level: stateLevels[task.state] ?? (waits ? "warn" : "plain"),
      subject: subjectOf("task", task.id, taskName(after, task)),
      verb: task.state === "pending" ? "waits" : task.state === "shutdown" ? "was shut down" : stateVerb(task.state),
      ...(node && { on: subjectOf("node", task.nodeId, node) }),
      service: task.serviceId,
      ...(detail.length > 0 && { detail: [...new Set(detail)].join(", ") }),
    },
  ];
}

function stateVerb(state: string): string {
  const verbs: Record<string, string> = {
    running: "runs",
    complete: "is done",
    failed: "failed",
    rejected: "was rejected",
  };
  return verbs[state] ?? `is ${state}`;
}

function* pairs<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): Generator<[T | undefined, T | undefined]> {
  for (const [id, item] of after) if (before.get(id) !== item) yield [before.get(id), item];
  for (const [id, item] of before) if (!after.has(id)) yield [item, undefined];
}

/** So that the end of a task comes before the start of the one that replaces it. */
const whenOf = (task: Task | undefined): number => task?.stateAt ?? 0;

/**
 * The lines of the time line that lead from one state of the cluster to the next. They follow from the states, not from
 * Docker's events: these know nothing of tasks, and come twice when a stream is resumed.
 */
export function activityBetween(before: ClusterState, after: ClusterState, now: number): NewLine[] {
  return [
    ...[...pairs(before.nodes, after.nodes)].flatMap(([a, b]) => nodeNews(now, a, b)),
    ...[...pairs(before.services, after.services)].flatMap(([a, b]) => serviceNews(now, a, b)),
    ...[...pairs(before.tasks, after.tasks)]
      .sort(([, a], [, b]) => whenOf(a) - whenOf(b) || (a?.createdAt ?? 0) - (b?.createdAt ?? 0))
      .flatMap(([a, b]) => (b ? taskNews(now, after, a, b) : [])),
  ];
}
