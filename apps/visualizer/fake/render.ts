import { isoTime } from "./clock.ts";
import type { FakeNode, FakeService, FakeTask } from "./shapes.ts";

const nano = 1e9;
const mib = 1024 ** 2;
const zeroTime = "0001-01-01T00:00:00Z";

/** What must never leave the server; every object carries it somewhere Docker really has such things. */
export const secret = "s3cr3t-must-not-leave";

/** `GET /nodes` */
export function renderNode(node: FakeNode): unknown {
  return {
    ID: node.id,
    Version: { Index: node.version },
    CreatedAt: zeroTime,
    UpdatedAt: zeroTime,
    Spec: { ...(node.labels && { Labels: node.labels }), Role: node.role, Availability: node.availability },
    Description: {
      Hostname: node.hostname,
      Platform: { Architecture: "x86_64", OS: "linux" },
      Resources: { NanoCPUs: node.cpus * nano, MemoryBytes: node.memoryGiB * 1024 * mib },
      Engine: { EngineVersion: "27.3.1", Labels: { token: secret }, Plugins: [{ Type: "Volume", Name: "local" }] },
      TLSInfo: { TrustRoot: secret, CertIssuerSubject: secret, CertIssuerPublicKey: secret },
    },
    Status: {
      State: node.state,
      ...(node.state === "down" && { Message: "heartbeat failure" }),
      Addr: node.address,
    },
    ...(node.role === "manager" && {
      ManagerStatus: { Leader: node.hostname === "manager1", Reachability: "reachable", Addr: `${node.address}:2377` },
    }),
  };
}

function template(service: FakeService, image: string): unknown {
  return {
    ContainerSpec: {
      Image: `${image}@sha256:${"0".repeat(64)}`,
      Labels: { secret },
      Args: ["--password", secret],
      Env: [`PASSWORD=${secret}`],
      Isolation: "default",
      Healthcheck: { Test: ["CMD", secret] },
      Mounts: [{ Type: "bind", Source: `/${secret}`, Target: "/data" }],
      Secrets: [{ File: { Name: secret }, SecretID: secret, SecretName: secret }],
      Configs: [{ File: { Name: secret }, ConfigID: secret, ConfigName: secret }],
    },
    Resources: {
      Limits: { NanoCPUs: service.cpus * 2 * nano },
      Reservations: { NanoCPUs: service.cpus * nano, MemoryBytes: service.memoryMiB * mib },
    },
    Placement: { Constraints: service.constraint ? [`node.labels.${service.constraint.replace("=", "==")}`] : [] },
    ForceUpdate: 0,
    Runtime: "container",
  };
}

/** `GET /services?status=true` */
export function renderService(service: FakeService, running: number, wanted: number): unknown {
  const ports = service.ports.map((port) => ({
    Protocol: "tcp",
    TargetPort: 80,
    PublishedPort: port,
    PublishMode: "ingress",
  }));
  return {
    ID: service.id,
    Version: { Index: service.version },
    CreatedAt: zeroTime,
    UpdatedAt: zeroTime,
    Spec: {
      Name: service.name,
      Labels: { secret },
      TaskTemplate: template(service, service.image),
      Mode: service.mode === "global" ? { Global: {} } : { Replicated: { Replicas: service.replicas } },
    },
    Endpoint: { Spec: {}, ...(ports.length > 0 && { Ports: ports }) },
    ...(service.update && {
      UpdateStatus: { State: service.update.state, StartedAt: zeroTime, Message: service.update.message },
    }),
    ServiceStatus: { RunningTasks: running, DesiredTasks: wanted, CompletedTasks: 0 },
  };
}

/** `GET /tasks` */
export function renderTask(service: FakeService, task: FakeTask): unknown {
  return {
    ID: task.id,
    Version: { Index: task.version },
    CreatedAt: isoTime(task.createdAt),
    UpdatedAt: isoTime(task.stateAt),
    Labels: { secret },
    Spec: template(service, task.image),
    ServiceID: task.serviceId,
    ...(task.slot > 0 && { Slot: task.slot }),
    ...(task.nodeId && { NodeID: task.nodeId }),
    Status: {
      Timestamp: isoTime(task.stateAt),
      State: task.state,
      Message: task.message,
      ...(task.error && { Err: task.error }),
      ...(task.nodeId && {
        ContainerStatus: { ContainerID: task.id.repeat(2), PID: 4711, ExitCode: task.exitCode ?? 0 },
      }),
      PortStatus: {},
    },
    DesiredState: task.desired,
    NetworksAttachments: [],
  };
}
