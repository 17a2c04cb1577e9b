import type { Sink, Stage } from "../process/chain";
import type { PartName, SealedManifest } from "./manifest";

/** A backup that was read once and is whole. */
export interface Backup {
  readonly file: string;
  readonly manifest: SealedManifest;
  has(part: PartName): boolean;
  /** Hands a part in the clear to programs, the last of which to a sink. */
  read<T>(part: PartName, stages: readonly Stage[], sink: Sink<T>): Promise<T>;
}
