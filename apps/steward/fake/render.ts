import type { FakeConfig, FakeNode, FakeService, FakeTask } from "./shapes.ts";
import type { FakeSwarm } from "./swarm.ts";

/** A node as Docker's API shows it. */
export const renderNode = (node: FakeNode): unknown => ({
  ID: node.id,
  Version: { Index: 1 },
  Spec: { Labels: node.labels, Role: node.role, Availability: node.availability },
  Description: {
    Hostname: node.hostname,
    Platform: { Architecture: "x86_64", OS: "linux" },
    Resources: { NanoCPUs: node.nanoCpus, MemoryBytes: node.memoryBytes },
    Engine: { EngineVersion: "28.0.0" },
  },
  Status: { State: node.state, Addr: "10.0.0.1" },
});

/** A service as Docker's API shows it, with `status=true`. */
export function renderService(swarm: FakeSwarm, service: FakeService): unknown {
  const alive = swarm.alive(service);
  return {
    ID: service.id,
    Version: { Index: service.version },
    Spec: service.spec,
    ...(service.update !== undefined && { UpdateStatus: { State: service.update } }),
    ServiceStatus: {
      RunningTasks: alive.filter(({ state }) => state === "running").length,
      DesiredTasks: service.spec.Mode.Replicated?.Replicas ?? 0,
    },
  };
}

/** A task as Docker's API shows it. */
export const renderTask = (task: FakeTask): unknown => ({
  ID: task.id,
  ServiceID: task.serviceId,
  Slot: task.slot,
  ...(task.nodeId !== "" && { NodeID: task.nodeId }),
  DesiredState: task.desired,
  Spec: { Resources: { Reservations: { NanoCPUs: task.cpus, MemoryBytes: task.bytes } } },
  Status: { State: task.state, ...(task.error !== "" && { Err: task.error }) },
});

/** A config as Docker's API shows it. */
export const renderConfig = (config: FakeConfig): unknown => ({
  ID: config.id,
  Version: { Index: config.version },
  Spec: { Name: config.name, Labels: config.labels, Data: config.data },
});
