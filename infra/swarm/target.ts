import type * as pulumi from "@pulumi/pulumi";
import type { ManagerShell } from "../remote/manager-shell";

/** A swarm that services, networks, configs and secrets are deployed to: a `Swarm`, or `Swarm.fromExisting(...)`. */
export interface SwarmTarget {
  /** Docker's API on a manager: a provider of `@pulumi/docker`. */
  readonly provider: pulumi.ProviderResource;
  /** Created when the swarm can take services. */
  readonly ready: pulumi.Resource;
  /** When this is deleted, everything in the swarm is deleted with it, without a command. Default: each resource is deleted. */
  readonly deletedWith?: pulumi.Resource | undefined;
  /** The swarm's id. In a swarm with another id everything is created again. */
  readonly clusterId: pulumi.Output<string>;
  /** Runs scripts on a manager. */
  readonly shell: ManagerShell;
  /** The number of the registry login that services pull with: another number updates every service. Default: 1. */
  readonly pullRotation?: number;
}

/** A login to a registry, which services hand to the nodes that pull their images. */
export interface RegistryAccess {
  /** Its address as in image names, e.g. `registry.example.com:5000`. */
  readonly address: string;
  readonly username: string;
  readonly password: pulumi.Input<string>;
  /**
   * IP address of its host, for the `/etc/hosts` of the nodes: they pull without a name server. Default: they ask their name server.
   */
  readonly ip?: string;
  /** Another number updates every service, since a service pulls with the login of its last update. Default: 1. */
  readonly rotation?: number;
}

/** Logins in the form of the Docker provider. */
export function registryAuth(registries: readonly RegistryAccess[]) {
  return registries.map(({ address, username, password }) => ({ address, username, password }));
}

/** The number of the newest of these logins. */
export function pullRotation(registries: readonly RegistryAccess[]): number {
  return Math.max(1, ...registries.map(({ rotation = 1 }) => rotation));
}
