import type { DiffLine } from "./differences";

export const operations = ["create", "update", "replace", "delete"] as const;
export type Operation = (typeof operations)[number];

/** A machine of a node or its disk: what is lost for good when it is replaced or deleted. */
export interface NodePart {
  readonly node: string;
  readonly is: "machine" | "disk";
}

/** A resource that would not stay as it is. */
export interface Change {
  readonly operation: Operation;
  readonly type: string;
  readonly name: string;
  /** The properties that ask for a replacement. */
  readonly because: readonly string[];
  /** What it is of a node, if it is a machine or its disk. */
  readonly part: NodePart | undefined;
  readonly lines: readonly DiffLine[];
}
