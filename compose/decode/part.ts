import type { Mapping } from "./values";
import type { Position } from "../model/position";
import type {
  ComposeDependency,
  ComposeHealthCheck,
  ComposeMode,
  ComposePort,
  ComposeRestartPolicy,
  ComposeUpdatePolicy,
} from "../model/service";
import type { Text } from "../model/text";

/** A volume, bind or tmpfs as the file says it. */
export interface MountPart {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly consistency?: string | undefined;
  readonly propagation?: string | undefined;
  readonly noCopy?: boolean | undefined;
  readonly subpath?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly mode?: number | undefined;
  readonly at: Position;
  readonly path: string;
}

/** A config or secret as a service names it. */
export interface FilePart {
  readonly source: string;
  readonly target?: string | undefined;
  readonly uid?: string | undefined;
  readonly gid?: string | undefined;
  readonly mode?: number | undefined;
  readonly at: Position;
  readonly path: string;
}

/** A network as a service names it. */
export interface NetworkPart {
  /** Whether it says anything: not in a list, and not empty. */
  readonly given: boolean;
  readonly aliases?: readonly string[] | undefined;
  readonly driverOpts?: ReadonlyMap<string, string> | undefined;
  /** Whether `network_mode` names it. */
  readonly isMode?: boolean | undefined;
  readonly at: Position;
  readonly path: string;
}

/** A text with its place, for what is checked later. */
export interface Placed<Value = string> {
  readonly value: Value;
  readonly at: Position;
  readonly path: string;
}

/** Keys of one file for an image to build. */
export interface BuildPart {
  readonly at: Position;
  /** A folder beside the compose file. */
  readonly context?: Placed | undefined;
  /** Relative to the context. */
  readonly dockerfile?: Placed | undefined;
  readonly args: ReadonlyMap<string, string>;
  readonly target?: string | undefined;
}

/** Keys of one file for a service. A field that is undefined is not in it. */
export interface ServicePart {
  readonly key: string;
  readonly at: Position;
  /** Where its keys stand, e.g. `deploy.replicas`. */
  readonly positions: ReadonlyMap<string, Position>;
  readonly image?: string | undefined;
  readonly build?: BuildPart | undefined;
  readonly platform?: string | undefined;
  readonly entrypoint?: readonly Text[] | undefined;
  readonly command?: readonly Text[] | undefined;
  readonly environment: Mapping;
  readonly labels: Mapping;
  readonly hostname?: string | undefined;
  readonly user?: string | undefined;
  readonly workingDir?: string | undefined;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly init?: boolean | undefined;
  readonly sysctls: ReadonlyMap<string, string>;
  readonly hosts: readonly { readonly host: string; readonly address: string }[];
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly groups: readonly string[];
  readonly stopSignal?: string | undefined;
  readonly stopGracePeriodSeconds?: number | undefined;
  readonly readOnly?: boolean | undefined;
  readonly tty?: boolean | undefined;
  readonly stdinOpen?: boolean | undefined;
  readonly ulimits: ReadonlyMap<string, { readonly soft: number; readonly hard: number }>;
  readonly oomScoreAdj?: number | undefined;
  readonly isolation?: string | undefined;
  readonly credentialSpec: ReadonlyMap<string, string>;
  readonly healthCheck?: (ComposeHealthCheck & { readonly disable?: boolean | undefined }) | undefined;
  readonly logging?: { readonly driver?: string | undefined; readonly options: Mapping } | undefined;
  readonly restart?: string | undefined;
  readonly ports: readonly ComposePort[];
  readonly networks: ReadonlyMap<string, NetworkPart>;
  readonly volumes: readonly MountPart[];
  readonly tmpfs: readonly MountPart[];
  readonly configs: readonly FilePart[];
  readonly secrets: readonly FilePart[];
  readonly dependsOn: ReadonlyMap<string, ComposeDependency & { readonly required: boolean }>;
  readonly links: readonly Placed[];
  readonly externalLinks: readonly Placed[];
  /** As written: `service`, `service:ro`, or a container. */
  readonly volumesFrom: readonly Placed[];
  readonly profiles: readonly string[];
  readonly extends?:
    { readonly service: string; readonly file?: string | undefined; readonly at: Position } | undefined;
  readonly deploy: DeployPart;
}

/** The key `deploy` of one file. */
export interface DeployPart {
  readonly mode?: ComposeMode["kind"] | undefined;
  readonly replicas?: number | undefined;
  readonly endpointMode?: "vip" | "dnsrr" | undefined;
  readonly labels: Mapping;
  readonly limits: ResourcesPart;
  readonly reservations: ResourcesPart;
  readonly restartPolicy?: ComposeRestartPolicy | undefined;
  readonly update?: Partial<ComposeUpdatePolicy> | undefined;
  readonly rollback?: Partial<ComposeUpdatePolicy> | undefined;
  readonly constraints: readonly Placed[];
  readonly spread: readonly Placed[];
  readonly maxReplicasPerNode?: number | undefined;
}

/** CPU, memory and what else there is. */
export interface ResourcesPart {
  readonly cpus?: number | undefined;
  readonly memoryBytes?: number | undefined;
  readonly pids?: number | undefined;
  readonly generic?: readonly { readonly kind: string; readonly value: number }[] | undefined;
}
