import type { Node, ClusterState, Task } from "./model.ts";

const short = (id: string): string => id.slice(0, 12);

/** A node's host name, or the start of its id before its name is known. */
export const nodeName = (node: Node | undefined, id: string): string => node?.name || short(id);

/** `web.3`, or `agent@worker1` for a task of a global service; readable even after its service went. */
export function taskName(clusterState: ClusterState, task: Task): string {
  const service = clusterState.services.get(task.serviceId)?.name ?? short(task.serviceId);
  if (task.slot > 0) return `${service}.${task.slot}`;
  return task.nodeId ? `${service}@${nodeName(clusterState.nodes.get(task.nodeId), task.nodeId)}` : service;
}
