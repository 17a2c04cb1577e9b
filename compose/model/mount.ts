import type { Position } from "./position";
import type { Text } from "./text";

interface MountBase {
  /** In the container. */
  readonly target: string;
  readonly readOnly: boolean;
  /** `consistent`, `cached` or `delegated`: Linux ignores it. */
  readonly consistency?: string;
  readonly at: Position;
}

/** Data that stays on the node when the task goes. Each node makes a volume of its own. */
export interface ComposeVolumeMount extends MountBase {
  readonly type: "volume";
  /** Its key in the application's `volumes`. Undefined: an anonymous volume. */
  readonly volume?: string;
  /** Its name on the node. Undefined: an anonymous volume. */
  readonly source?: string;
  readonly noCopy: boolean;
  /** A folder inside of the volume. */
  readonly subpath?: string;
  /** With those that docker adds; empty for an anonymous or external volume. */
  readonly labels: Readonly<Record<string, string>>;
  /** `name` undefined: `local`. */
  readonly driver?: { readonly name?: string; readonly options: Readonly<Record<string, Text>> };
}

/** A file, folder or socket of the node itself. */
export interface ComposeBindMount extends MountBase {
  readonly type: "bind";
  /** Absolute, on the node. */
  readonly source: string;
  readonly propagation?: string;
}

/** Memory that looks like a folder. */
export interface ComposeTmpfsMount extends MountBase {
  readonly type: "tmpfs";
  /** Undefined: no limit. */
  readonly sizeBytes?: number;
  /** Permission bits, e.g. 0o1777. */
  readonly mode?: number;
}

/** Kinds of mounts that Swarm knows and Pulumi's Docker provider does not: always refused. */
export interface ComposeOtherMount extends MountBase {
  readonly type: "image" | "npipe" | "cluster";
  readonly source: string;
}

/** Something at a path of the container. */
export type ComposeMount = ComposeVolumeMount | ComposeBindMount | ComposeTmpfsMount | ComposeOtherMount;
