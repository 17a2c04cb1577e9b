import type { nodeShape, serviceShape, taskShape } from "@swarm-farm/docker-api";
import type * as z from "zod";
import type { Node, Reservation, Service, Task } from "../shared/model.ts";

const reservationOf = (
  found: { readonly NanoCPUs: number; readonly MemoryBytes: number } | null | undefined,
): Reservation => ({ nanoCpus: found?.NanoCPUs ?? 0, memoryBytes: found?.MemoryBytes ?? 0 });

/** Docker's node as ours. */
export function toNode({ ID, Spec, Description, Status }: z.output<typeof nodeShape>): Node {
  return {
    id: ID,
    hostname: Description?.Hostname || ID,
    role: Spec.Role,
    availability: Spec.Availability,
    state: Status?.State ?? "unknown",
    labels: Spec.Labels,
    engineLabels: Description?.Engine?.Labels ?? {},
    nanoCpus: Description?.Resources?.NanoCPUs ?? 0,
    memoryBytes: Description?.Resources?.MemoryBytes ?? 0,
    os: Description?.Platform?.OS ?? "",
    arch: Description?.Platform?.Architecture ?? "",
  };
}

/** Docker's service as ours. */
export function toService(found: z.output<typeof serviceShape>): Service {
  const { Spec } = found;
  const { Placement, ContainerSpec, Resources } = Spec.TaskTemplate;
  const replicated = Spec.Mode?.Replicated;
  const global = Spec.Mode?.Global;
  return {
    id: found.ID,
    name: Spec.Name,
    version: found.Version.Index,
    mode: replicated ? "replicated" : global ? "global" : "job",
    replicas: replicated ? (replicated.Replicas ?? 1) : 0,
    labels: Spec.Labels,
    constraints: Placement?.Constraints ?? [],
    spread: (Placement?.Preferences ?? []).flatMap(({ Spread }) => Spread?.SpreadDescriptor || []),
    maxPerNode: Placement?.MaxReplicas ?? 0,
    platforms: (Placement?.Platforms ?? []).map(({ OS, Architecture }) => ({ os: OS, arch: Architecture })),
    reservation: reservationOf(Resources?.Reservations),
    mounts: (ContainerSpec?.Mounts ?? []).map(({ Type }) => Type),
    hostPorts: (Spec.EndpointSpec?.Ports ?? [])
      .filter(({ PublishMode, PublishedPort }) => PublishMode === "host" && PublishedPort > 0)
      .map(({ PublishedPort, Protocol }) => `${PublishedPort}/${Protocol || "tcp"}`),
    update: found.UpdateStatus?.State ?? "",
    running: found.ServiceStatus?.RunningTasks ?? 0,
  };
}

/** Docker's task as ours. */
export function toTask({ ID, ServiceID, NodeID, DesiredState, Spec, Status }: z.output<typeof taskShape>): Task {
  return {
    id: ID,
    serviceId: ServiceID,
    nodeId: NodeID,
    state: Status.State,
    desired: DesiredState,
    error: Status.Err,
    reservation: reservationOf(Spec?.Resources?.Reservations),
  };
}
