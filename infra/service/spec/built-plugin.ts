import type * as docker from "@pulumi/docker";

// Fields that Swarm has and the Terraform provider lacks. The docker plugin that `./farm setup` builds takes them
// (offline/toolchain/bridge/docker/provider); the official one refuses them before anything is touched: "Invalid or unknown key".

/** A limit of a container's processes, as the plugin takes it. */
interface UlimitArgs {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** A container with the fields of the built plugin. */
export interface ContainerSpecArgs extends docker.types.input.ServiceTaskSpecContainerSpec {
  readonly tty?: boolean | undefined;
  readonly stdinOpen?: boolean | undefined;
  readonly ulimits?: UlimitArgs[] | undefined;
}

/** A health check with the field of the built plugin. */
export interface HealthcheckArgs extends docker.types.input.ServiceTaskSpecContainerSpecHealthcheck {
  readonly startInterval?: string | undefined;
}

/** Limits of a task with the field of the built plugin. */
export interface LimitsArgs extends docker.types.input.ServiceTaskSpecResourcesLimits {
  readonly pids?: number | undefined;
}
