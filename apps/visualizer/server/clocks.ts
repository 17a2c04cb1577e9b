import type { ClusterState, Problem } from "../shared/model.ts";
import { nodeName } from "../shared/names.ts";

/** Less than this is the time a message takes. */
const toleratedMs = 5_000;

/**
 * Nodes whose clock is off: a task's state is stamped by its node, its creation by the manager. A stamp of the future,
 * or a start before the creation, shows the difference.
 */
export function clockProblems(clusterState: ClusterState, now: number): readonly Problem[] {
  const off = new Map<string, number>();
  for (const task of clusterState.tasks.values()) {
    if (!task.nodeId || task.stateAt === 0) continue;
    const ahead = task.stateAt - now;
    const behind = task.state === "running" ? task.stateAt - task.createdAt : 0;
    const difference = ahead > toleratedMs ? ahead : behind < -toleratedMs ? behind : 0;
    if (Math.abs(difference) > Math.abs(off.get(task.nodeId) ?? 0)) off.set(task.nodeId, difference);
  }
  return [...off].map(([id, ms]) => ({
    id: `clock-${id}`,
    text:
      `the clock of '${nodeName(clusterState.nodes.get(id), id)}' is at least ${Math.round(Math.abs(ms) / 1000)} s ` +
      `${ms > 0 ? "ahead of" : "behind"} the manager's: ages of its tasks are wrong`,
  }));
}
