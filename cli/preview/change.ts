import type { DiffLine } from "./differences";

/** Changes of a resource, in the order of the summary. */
export const operations = ["create", "update", "replace", "delete"] as const;
export type Operation = (typeof operations)[number];

/** A node's VM or disk, whose replacement or deletion loses data. */
export interface NodePart {
  readonly node: string;
  readonly is: "vm" | "disk";
}

/** A resource that the update would change. */
export interface Change {
  readonly operation: Operation;
  readonly type: string;
  readonly name: string;
  /** The properties that cause a replacement. */
  readonly because: readonly string[];
  /** The node, if it is its VM or disk. */
  readonly part: NodePart | undefined;
  readonly lines: readonly DiffLine[];
}
