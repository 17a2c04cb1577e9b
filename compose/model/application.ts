import type { Finding } from "./findings";
import type { Position } from "./position";
import type { ComposeService } from "./service";
import type { Text } from "./text";

/** Something that is not made, but must be there. */
interface External {
  readonly kind: "external";
  readonly key: string;
  /** In the swarm, or on the nodes. */
  readonly name: string;
  readonly at: Position;
}

/** A network that is made with the stack. */
export interface ComposeOwnNetwork {
  readonly kind: "own";
  readonly key: string;
  /** In the swarm. */
  readonly name: string;
  readonly at: Position;
  /** `overlay` where the file names none. */
  readonly driver: string;
  readonly driverOpts: Readonly<Record<string, string>>;
  readonly internal: boolean;
  readonly attachable: boolean;
  /** With those that docker adds. */
  readonly labels: Readonly<Record<string, string>>;
  readonly ipam?: { readonly driver?: string; readonly subnets: readonly string[] };
}

/** A network that a service uses. */
export type ComposeNetwork = ComposeOwnNetwork | External;

/** A volume. The mounts say everything about it: each node makes its own, and none is made with the stack. */
export type ComposeVolume =
  { readonly kind: "own"; readonly key: string; readonly name: string; readonly at: Position } | External;

/** Content of a config or secret. */
export type ComposeContent =
  /** `file` as the compose file names it. */
  | { readonly from: "file"; readonly file: string; readonly base64: string }
  /** Of `content`, or of the variable that `environment` names. */
  | { readonly from: "text"; readonly text: Text }
  /** Of a plugin that the key `driver` of a secret names. */
  | { readonly from: "driver"; readonly driver: string; readonly options: Readonly<Record<string, string>> };

/** A config or secret that is made with the stack. */
export interface ComposeOwnFile {
  readonly kind: "own";
  readonly key: string;
  /** In the swarm, before the farm appends the content's hash or the secret's version. */
  readonly name: string;
  readonly at: Position;
  readonly content: ComposeContent;
  /** With those that docker adds. */
  readonly labels: Readonly<Record<string, string>>;
  /** `golang`: Swarm expands templates in the content. */
  readonly templateDriver?: string;
}

/** A config or secret. */
export type ComposeFile = ComposeOwnFile | External;

/** An application: what `docker stack deploy` makes of one or several compose files, and what is done better. */
export interface ComposeApplication {
  /** The stack's name: the namespace of everything in it. */
  readonly name: string;
  /** Each after those that it depends on, otherwise by key. */
  readonly services: readonly ComposeService[];
  /** Those that a service uses, by key. */
  readonly networks: readonly ComposeNetwork[];
  readonly volumes: readonly ComposeVolume[];
  readonly configs: readonly ComposeFile[];
  readonly secrets: readonly ComposeFile[];
}

/** A variable that the files use. */
export interface VariableUse {
  readonly name: string;
  /** Where it is used first. */
  readonly at: Position;
  /** Whether the configuration sets it. */
  readonly set: boolean;
  /** Whether the files have a default wherever they use it. */
  readonly defaulted: boolean;
}

/** Requirements on a farm besides the files. */
export interface ComposeNeeds {
  /** By name. */
  readonly variables: readonly VariableUse[];
  readonly networks: readonly External[];
  readonly volumes: readonly External[];
  readonly configs: readonly External[];
  readonly secrets: readonly External[];
  /** Paths of nodes that are mounted. */
  readonly hostPaths: readonly { readonly path: string; readonly at: Position }[];
  /** Relative folders that tasks write and that are missing or empty on this machine, and a key for a volume in their place. */
  readonly folders: readonly { readonly path: string; readonly volume: string; readonly at: Position }[];
  /** Names of node labels in constraints and preferences. */
  readonly nodeLabels: readonly { readonly label: string; readonly at: Position }[];
}

/** Result of reading. */
export interface ComposeResult {
  /** Only to be deployed where no finding is `refused`. Undefined where the files say too little to go on. */
  readonly application?: ComposeApplication;
  /** Sorted by file and line. */
  readonly findings: readonly Finding[];
  readonly needs: ComposeNeeds;
}

/** The value of a variable: plain, or kept secret until the deployment. */
export type VariableValue = { readonly kind: "plain"; readonly value: string } | { readonly kind: "secret" };

/** Files and values to read. */
export interface ComposeInput {
  /** The stack's name. */
  readonly name: string;
  /** To which `files` are relative. */
  readonly folder: string;
  /** One or several that merge in order. Paths in them are relative to the first one's folder. */
  readonly files: readonly [string, ...string[]];
  /** Default: none. */
  readonly variables?: Readonly<Record<string, VariableValue>>;
  /** Services with `profiles` are left out unless one of theirs is here. One that no service has is refused. Default: none. */
  readonly profiles?: readonly string[];
  /**
   * Keys of volumes that take the place of relative folders, by the folder's path, e.g. `{ "./data": "data" }`; or `:ro`, as if the
   * file had that. Default: none; a folder that tasks could write is refused.
   */
  readonly folders?: Readonly<Record<string, string>>;
}
