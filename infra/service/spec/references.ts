import type * as docker from "@pulumi/docker";
import type { Text } from "./text";

/** Something of the swarm, as a service refers to it: a `SwarmConfig` or `SwarmSecret`, or what `fromName` finds. */
export interface Referred {
  readonly id: Text;
  readonly name: Text;
}

interface FileOwner {
  /** Default: 0. */
  readonly uid?: number;
  /** Default: 0. */
  readonly gid?: number;
  /** Permissions, e.g. `0o400`. Default: `0o444`. */
  readonly mode?: number;
}

/** A config as a file of the container. */
export interface ConfigFile extends FileOwner {
  /** A `ConfigReference`. */
  readonly config: Referred;
  /** The path in the container. */
  readonly target: string;
}

/** A secret as a file of the container, in memory only. */
export interface SecretFile extends FileOwner {
  /** A `SecretReference`. */
  readonly secret: Referred;
  /** A name below `/run/secrets`, or an absolute path. */
  readonly target: string;
}

/** The config as the provider takes it. */
export function configArgs({ config, ...file }: ConfigFile): docker.types.input.ServiceTaskSpecContainerSpecConfig {
  return { configId: config.id, configName: config.name, ...fileOf(file) };
}

/** The secret as the provider takes it. */
export function secretArgs({ secret, ...file }: SecretFile): docker.types.input.ServiceTaskSpecContainerSpecSecret {
  return { secretId: secret.id, secretName: secret.name, ...fileOf(file) };
}

function fileOf({ target, uid = 0, gid = 0, mode = 0o444 }: FileOwner & { readonly target: string }) {
  return { fileName: target, fileUid: String(uid), fileGid: String(gid), fileMode: mode };
}
