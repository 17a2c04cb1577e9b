import type { Sink, Stage } from "../process/chain";
import type { PartName, SealedManifest } from "./manifest";

/** A backup whose checksum is verified. */
export interface Backup {
  readonly file: string;
  readonly manifest: SealedManifest;
  has(part: PartName): boolean;
  /** Pipes a decrypted part through programs to a sink. */
  read<T>(part: PartName, stages: readonly Stage[], sink: Sink<T>): Promise<T>;
}
