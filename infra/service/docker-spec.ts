import type * as docker from "@pulumi/docker";
import { containerSpec } from "./spec/container";
import { labelsOf } from "./spec/job";
import { logDriver } from "./spec/logging";
import { serviceMode } from "./spec/mode";
import { networkAttachment } from "./spec/networks";
import { placementOf } from "./spec/placement";
import { endpointSpec } from "./spec/ports";
import { resourcesOf } from "./spec/resources";
import { restartPolicy } from "./spec/restart";
import type { ServiceSpec } from "./spec/service-spec";
import { filled, labelList } from "./spec/text";
import { rollbackConfig, updateConfig } from "./spec/updates";

/** The label in which the steward finds a service's policy. */
export const autoscaleLabel = "swarm-farm.autoscale";

/** A label that changes with the login, so that Pulumi updates each service that pulls. None with the first login. */
export const loginLabel = "swarm-farm.registry-login";

type DockerSpec = Omit<docker.ServiceArgs, "name" | "auth">;

/** How the arguments for the provider are written. */
export interface DockerSpecOptions {
  /** The number of the login with which the service pulls. Default: 1. */
  readonly pullRotation?: number | undefined;
  /**
   * Placement, health check, DNS and init that the spec does not set: the provider keeps those of the service
   * where the arguments leave them out. `clear`: Docker's defaults are written. `keep`: they are left out. Default: `clear`.
   */
  readonly unset?: "clear" | "keep" | undefined;
}

/** The same service as the provider takes it, every value in the form in which Docker gives it back. */
export function dockerSpec(
  spec: ServiceSpec,
  { pullRotation = 1, unset = "clear" }: DockerSpecOptions = {},
): DockerSpec {
  const { networks = [], logging, restart = {}, job } = spec;
  const otherwise: Partial<ServiceSpec> = unset === "clear" ? cleared : {};
  const { placement = otherwise.placement, health = otherwise.health } = spec;
  const { dns = otherwise.dns, init = otherwise.init } = spec;
  return {
    taskSpec: {
      containerSpec: containerSpec({ ...spec, health, dns, init }),
      resources: resourcesOf(spec.limits, spec.reservations),
      restartPolicy: restartPolicy(restart, spec.oneShot || job ? "none" : "any"),
      networksAdvanceds: networks.map(networkAttachment),
      logDriver: logging && logDriver(logging),
      placement: placement && placementOf(placement),
      forceUpdate: spec.forceUpdate,
    },
    mode: serviceMode(job ? { replicas: 0 } : spec.mode, spec.autoscale),
    labels: filled(labels(spec, pullRotation)),
    updateConfig: updateConfig(job ? allAtOnce : (spec.update ?? {})),
    rollbackConfig: rollbackConfig(job ? {} : (spec.rollback ?? {})),
    endpointSpec: endpointSpec(spec),
  };
}

/** The start of a run is an update to Swarm, which a task that fails must not stop. */
const allAtOnce = { parallelism: 0, failureAction: "continue" } as const;

/** Values that Docker treats as unset. */
const cleared = { placement: {}, health: {}, dns: {}, init: false } as const satisfies Partial<ServiceSpec>;

function labels({ labels: own = {}, autoscale, job }: ServiceSpec, pullRotation: number) {
  return [
    ...labelList(job ? { ...own, ...labelsOf(job) } : own),
    ...(autoscale ? [{ label: autoscaleLabel, value: JSON.stringify(autoscale) }] : []),
    ...(pullRotation > 1 ? [{ label: loginLabel, value: String(pullRotation) }] : []),
  ];
}
