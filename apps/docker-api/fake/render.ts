import { isoTime } from "./clock.ts";
import { secret } from "./secrets.ts";
import type { FakeConfig, FakeNode, FakeService, FakeTask } from "./shapes.ts";
import { replicasOf } from "./spec.ts";
import type { FakeSwarm } from "./swarm.ts";

const zeroTime = "0001-01-01T00:00:00Z";

/** One of `GET /nodes` */
export const renderNode = (node: FakeNode): unknown => ({
  ID: node.id,
  Version: { Index: node.version },
  CreatedAt: zeroTime,
  UpdatedAt: zeroTime,
  Spec: { ...(node.labels && { Labels: node.labels }), Role: node.role, Availability: node.availability },
  Description: {
    Hostname: node.hostname,
    Platform: { Architecture: "x86_64", OS: "linux" },
    Resources: { NanoCPUs: node.nanoCpus, MemoryBytes: node.memoryBytes },
    Engine: { EngineVersion: "28.0.0", Labels: { token: secret }, Plugins: [{ Type: "Volume", Name: "local" }] },
    TLSInfo: { TrustRoot: secret, CertIssuerSubject: secret, CertIssuerPublicKey: secret },
  },
  Status: { State: node.state, ...(node.state === "down" && { Message: "heartbeat failure" }), Addr: node.address },
  ...(node.role === "manager" && {
    ManagerStatus: { Leader: node.hostname === "manager1", Reachability: "reachable", Addr: `${node.address}:2377` },
  }),
});

/** One of `GET /services?status=true` */
export function renderService(swarm: FakeSwarm, service: FakeService): unknown {
  const alive = swarm.alive(service);
  const ports = service.spec.EndpointSpec?.Ports ?? [];
  return {
    ID: service.id,
    Version: { Index: service.version },
    CreatedAt: zeroTime,
    UpdatedAt: isoTime(service.updatedAt),
    Spec: service.spec,
    Endpoint: { Spec: {}, ...(ports.length > 0 && { Ports: ports }) },
    ...(service.update && {
      UpdateStatus: { State: service.update.state, StartedAt: zeroTime, Message: service.update.message ?? "" },
    }),
    ServiceStatus: {
      RunningTasks: alive.filter(({ state }) => state === "running").length,
      DesiredTasks: service.spec.Mode.Global ? alive.length : replicasOf(service),
      CompletedTasks: 0,
    },
  };
}

/** One of `GET /tasks` */
export const renderTask = (task: FakeTask): unknown => ({
  ID: task.id,
  Version: { Index: 1 },
  CreatedAt: isoTime(task.createdAt),
  UpdatedAt: isoTime(task.stateAt),
  Labels: { secret },
  Spec: task.template,
  ServiceID: task.serviceId,
  ...(task.slot > 0 && { Slot: task.slot }),
  ...(task.nodeId && { NodeID: task.nodeId }),
  Status: {
    Timestamp: isoTime(task.stateAt),
    State: task.state,
    Message: task.message,
    ...(task.error && { Err: task.error }),
    ...(task.nodeId && { ContainerStatus: { ContainerID: task.id.repeat(2), PID: 4711, ExitCode: task.exitCode } }),
    PortStatus: {},
  },
  DesiredState: task.desired,
  NetworksAttachments: [],
});

/** One of `GET /configs` */
export const renderConfig = (config: FakeConfig): unknown => ({
  ID: config.id,
  Version: { Index: config.version },
  Spec: { Name: config.name, Labels: config.labels, Data: config.data },
});
