import type * as docker from "@pulumi/docker";
import type {
  BindMount,
  HealthCheck,
  Port,
  Resources,
  ServiceSpec,
  TmpfsMount,
  UpdatePolicy,
  VolumeMount,
} from "./types";
import { bytes, duration, nano } from "./units";

/** Enough for most programs, and little enough that one of them does not starve a node. */
const defaultLimits: Resources = { cpus: 1, memoryMiB: 512 };

const defaultReservations: Resources = { cpus: 0.05, memoryMiB: 32 };

/** Swarm's default order: two versions of a task never run at the same time. */
const defaultUpdate: UpdatePolicy = { order: "stop-first" };

/** Limits the log of each container, since a full disk stops the node. */
const logDriver = { name: "json-file", options: { "max-size": "10m", "max-file": "3" } };

/** The label in which the steward finds a service's policy. */
export const autoscaleLabel = "swarm-farm.autoscale";

/** A label that changes with the login, so that Pulumi updates each service that pulls. None with the first login. */
export const loginLabel = "swarm-farm.registry-login";

type DockerSpec = Omit<docker.ServiceArgs, "name" | "auth">;

/**
 * The arguments of a service for the provider, each value in the form that Docker returns.
 *
 * @param pullRotation the number of the login with which it pulls
 */
export function dockerSpec(spec: ServiceSpec, pullRotation = 1): DockerSpec {
  const { ports = [], networks = [], placement, update = defaultUpdate } = spec;
  const { limits = defaultLimits, reservations = defaultReservations } = spec;
  const labels = [
    ...(spec.autoscale ? [{ label: autoscaleLabel, value: JSON.stringify(spec.autoscale) }] : []),
    ...(pullRotation > 1 ? [{ label: loginLabel, value: String(pullRotation) }] : []),
  ];
  return {
    taskSpec: {
      containerSpec: containerSpec(spec),
      resources: {
        limits: { nanoCpus: nano(limits.cpus), memoryBytes: bytes(limits.memoryMiB) },
        reservation: { nanoCpus: nano(reservations.cpus), memoryBytes: bytes(reservations.memoryMiB) },
      },
      restartPolicy: { condition: "any", delay: duration(spec.restartDelaySeconds ?? 2), window: "0s" },
      networksAdvanceds: networks.map(({ id, aliases }) => ({ id, ...(aliases ? { aliases: [...aliases] } : {}) })),
      logDriver,
      ...(placement
        ? { placement: { constraints: [...placement.constraints], maxReplicas: placement.maxPerNode ?? 0 } }
        : {}),
    },
    mode:
      spec.mode === "global" ? { global: true } : { replicated: { replicas: replicasOf(spec.mode.replicas, spec) } },
    ...(labels.length > 0 ? { labels } : {}),
    updateConfig: updateConfig(update),
    // Swarm rolls back in the same order; a rollback that fails pauses.
    rollbackConfig: { order: update.order, parallelism: update.parallelism ?? 1, failureAction: "pause" },
    // Always set: without it the provider keeps the previous ports. `vip` is Swarm's default.
    endpointSpec: {
      mode: "vip",
      ...(ports.length > 0 ? { ports: ports.map(publishedPort) } : {}),
    },
  };
}

/** The initial replicas of a service with a policy: within the policy's bounds. */
function replicasOf(replicas: number, { autoscale }: ServiceSpec): number {
  return autoscale ? Math.min(Math.max(replicas, autoscale.min), autoscale.max) : replicas;
}

function containerSpec(spec: ServiceSpec): docker.types.input.ServiceTaskSpecContainerSpec {
  const { configs = [], secrets = [], mounts = [] } = spec;
  return {
    image: spec.image,
    readOnly: spec.readOnly ?? true,
    stopGracePeriod: duration(spec.stopSeconds ?? 30),
    ...(spec.health ? { healthcheck: healthcheck(spec.health) } : {}),
    ...(spec.env ? { env: { [spec.env[0]]: spec.env[1] } } : {}),
    ...(spec.args ? { args: [...spec.args] } : {}),
    ...(spec.user ? { user: spec.user } : {}),
    ...(spec.groups ? { groups: [...spec.groups] } : {}),
    ...(mounts.length > 0 ? { mounts: mounts.map(mount) } : {}),
    ...(configs.length > 0
      ? {
          configs: configs.map(({ config: { id, name }, path }) => ({
            configId: id,
            configName: name,
            fileName: path,
            fileUid: "0",
            fileGid: "0",
            fileMode: 0o444,
          })),
        }
      : {}),
    ...(secrets.length > 0
      ? {
          secrets: secrets.map(({ secret: { id, name }, file, uid }) => ({
            secretId: id,
            secretName: name,
            fileName: file,
            fileUid: String(uid),
            fileGid: "0",
            fileMode: 0o400,
          })),
        }
      : {}),
  };
}

function publishedPort({ target, published, mode }: Port) {
  return { protocol: "tcp", publishMode: mode, publishedPort: published, targetPort: target };
}

function mount(of: TmpfsMount | VolumeMount | BindMount) {
  return of.type === "tmpfs"
    ? { type: of.type, target: of.target }
    : { type: of.type, target: of.target, source: of.source };
}

function healthcheck(health: HealthCheck): docker.types.input.ServiceTaskSpecContainerSpecHealthcheck {
  return {
    tests: ["CMD", ...health.command],
    interval: duration(health.intervalSeconds ?? 60),
    timeout: duration(health.timeoutSeconds ?? 30),
    retries: health.retries ?? 3,
    startPeriod: duration(health.startSeconds ?? 60),
  };
}

function updateConfig(update: UpdatePolicy): docker.types.input.ServiceUpdateConfig {
  return {
    order: update.order,
    parallelism: update.parallelism ?? 1,
    delay: duration(update.delaySeconds ?? 0),
    failureAction: update.onFailure ?? "rollback",
    monitor: duration(update.monitorSeconds ?? 10),
  };
}
