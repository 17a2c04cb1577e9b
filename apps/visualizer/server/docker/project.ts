import type { nodeShape, serviceShape, taskShape } from "@swarm-farm/docker-api";
import type * as z from "zod";
import type { Node, Service, Task } from "../../shared/model.ts";

const nano = 1e9;

/** The label of a service whose tasks run on a schedule, and end. */
const scheduleLabel = "swarm.cronjob.enable";

/** `nginx:1.27` of `library/nginx:1.27@sha256:…`, also behind the host that Docker adds by itself: what people call it. */
export function imageName(reference: string): string {
  const name = reference.replace(/@sha256:[0-9a-f]+$/, "");
  return name.replace(/^docker\.io\//, "").replace(/^library\//, "");
}

/** A node of the page, of a node of Docker's. */
export function projectNode(raw: z.infer<typeof nodeShape>): Node {
  const platform = raw.Description?.Platform;
  // A manager may report 0.0.0.0 for itself; its raft address is the one others use.
  const reported = raw.Status?.Addr ?? "";
  const raft = raw.ManagerStatus?.Addr.replace(/:\d+$/, "") ?? "";
  return {
    id: raw.ID,
    name: raw.Description?.Hostname ?? "",
    role: raw.Spec.Role,
    leader: raw.ManagerStatus?.Leader ?? false,
    reachability: raw.ManagerStatus?.Reachability ?? "",
    availability: raw.Spec.Availability,
    state: raw.Status?.State ?? "unknown",
    message: raw.Status?.Message ?? "",
    address: reported === "0.0.0.0" && raft ? raft : reported,
    labels: raw.Spec.Labels,
    cpus: (raw.Description?.Resources?.NanoCPUs ?? 0) / nano,
    memoryBytes: raw.Description?.Resources?.MemoryBytes ?? 0,
    platform: platform ? `${platform.OS}/${platform.Architecture}` : "",
    engine: raw.Description?.Engine?.EngineVersion ?? "",
  };
}

function modeOf(mode: z.infer<typeof serviceShape>["Spec"]["Mode"]): string {
  if (mode?.Global) return "global";
  if (mode?.ReplicatedJob) return "replicated job";
  if (mode?.GlobalJob) return "global job";
  return "replicated";
}

/** `8080→80`; another protocol than TCP is named. */
function portText(port: { PublishedPort: number; TargetPort: number; Protocol: string }): string {
  return `${port.PublishedPort}→${port.TargetPort}${port.Protocol === "tcp" ? "" : `/${port.Protocol}`}`;
}

/** A service of the page. `done` counts its tasks of the new definition while an update runs. */
export function projectService(raw: z.infer<typeof serviceShape>, done: number | undefined): Service {
  const status = raw.ServiceStatus;
  const mode = raw.Spec.Mode;
  // Each run of a job is an update to Docker, and most of the time none of its tasks is to run.
  const scheduled = raw.Spec.Labels[scheduleLabel] === "true";
  const update = scheduled ? undefined : raw.UpdateStatus;
  const running = status?.RunningTasks ?? 0;
  const desired = mode?.ReplicatedJob?.TotalCompletions || (status?.DesiredTasks ?? mode?.Replicated?.Replicas ?? 0);
  return {
    id: raw.ID,
    name: raw.Spec.Name,
    mode: scheduled ? "on a schedule" : modeOf(mode),
    image: imageName(raw.Spec.TaskTemplate.ContainerSpec?.Image ?? ""),
    desiredTasks: scheduled ? running : desired,
    running,
    completed: status?.CompletedTasks ?? 0,
    ports: (raw.Endpoint?.Ports ?? []).map(portText),
    ...(update?.State && {
      update: { state: update.State, message: update.Message, ...(done !== undefined && { done }) },
    }),
  };
}

/** A task of the page. */
export function projectTask(raw: z.infer<typeof taskShape>): Task {
  const { Status: status } = raw;
  const reserved = raw.Spec?.Resources?.Reservations;
  const exitCode = status.ContainerStatus?.ExitCode;
  const over = ["complete", "failed", "shutdown"].includes(status.State);
  return {
    id: raw.ID,
    serviceId: raw.ServiceID,
    nodeId: raw.NodeID,
    slot: raw.Slot,
    state: status.State,
    desired: raw.DesiredState,
    createdAt: raw.CreatedAt,
    stateAt: status.Timestamp,
    image: imageName(raw.Spec?.ContainerSpec?.Image ?? ""),
    // Of a task that simply goes its way the message only repeats the state.
    reason: status.Err || (["running", status.Message].includes(status.State) ? "" : status.Message),
    ...(over && exitCode != null && { exitCode }),
    reservedCpus: (reserved?.NanoCPUs ?? 0) / nano,
    reservedBytes: reserved?.MemoryBytes ?? 0,
  };
}
