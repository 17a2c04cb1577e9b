import { type Node, type ClusterState } from "../shared/model.ts";
import { byId } from "../shared/wire.ts";
import type { DockerEvent } from "./docker/events.ts";
import type { Reading } from "./docker/reader.ts";

/** Sources of changes of the cluster's state. */
export type Input =
  { readonly kind: "reading"; readonly reading: Reading } | { readonly kind: "event"; readonly event: DockerEvent };

function without<T>(items: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  const next = new Map(items);
  return next.delete(id) ? next : items;
}

function updated(node: Node, event: DockerEvent): Node {
  const news = event.Actor.Attributes;
  return {
    ...node,
    state: news?.["state.new"] ?? node.state,
    availability: news?.["availability.new"] ?? node.availability,
    role: news?.["role.new"] ?? node.role,
  };
}

/**
 * The cluster's state after an input. An event is a shortcut to what the next reading will contain anyway, so that a node that went
 * down shows before thousands of tasks are read; a reading replaces everything, so no event can leave a mark.
 */
export function reduce(clusterState: ClusterState, input: Input): ClusterState {
  if (input.kind === "reading") {
    const { nodes, services, tasks } = input.reading;
    return { nodes: byId(nodes), services: byId(services), tasks: byId(tasks) };
  }
  const { event } = input;
  const { ID: id } = event.Actor;
  switch (`${event.Type} ${event.Action}`) {
    case "node update": {
      const node = clusterState.nodes.get(id);
      return node
        ? { ...clusterState, nodes: new Map(clusterState.nodes).set(id, updated(node, event)) }
        : clusterState;
    }
    case "node remove":
      return { ...clusterState, nodes: without(clusterState.nodes, id) };
    case "service remove":
      return { ...clusterState, services: without(clusterState.services, id) };
    default:
      return clusterState;
  }
}
