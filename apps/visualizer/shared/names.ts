import type { Node, Picture, Task } from "./model.ts";

const short = (id: string): string => id.slice(0, 12);

/** A node's host name, or the start of its id before it has told its name. */
export const nodeName = (node: Node | undefined, id: string): string => node?.name || short(id);

/** `web.3`, or `agent@worker1` for a task of a global service; readable even after its service went. */
export function taskName(picture: Picture, task: Task): string {
  const service = picture.services.get(task.serviceId)?.name ?? short(task.serviceId);
  if (task.slot > 0) return `${service}.${task.slot}`;
  return task.nodeId ? `${service}@${nodeName(picture.nodes.get(task.nodeId), task.nodeId)}` : service;
}
