import type { Position } from "../model/position";
import type { SecretText } from "../model/text";

/** A scalar; `source` is how it stands in the file. */
export type ScalarNode = {
  readonly kind: "scalar";
  readonly at: Position;
  readonly source: string;
  /** Whether a variable was put in: docker then converts text to what the key takes. */
  readonly interpolated: boolean;
} & (
  | { readonly type: "null" }
  | { readonly type: "boolean"; readonly value: boolean }
  /** `text` is how Go prints it. */
  | { readonly type: "number"; readonly value: number; readonly text: string }
  | { readonly type: "date" }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "secret"; readonly value: SecretText }
);

/** An entry of a mapping. */
export interface Entry {
  /** Where the key stands. */
  readonly at: Position;
  readonly node: Node;
}

/** A mapping, with aliases and `<<` already put in. */
export interface MapNode {
  readonly kind: "map";
  readonly at: Position;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** A list. */
export interface ListNode {
  readonly kind: "list";
  readonly at: Position;
  readonly items: readonly Node[];
}

/** A part of a YAML file with its place. */
export type Node = ScalarNode | MapNode | ListNode;

/** Name of a node's kind for a person. */
export function kindOf(node: Node): string {
  if (node.kind === "map") return "a mapping";
  if (node.kind === "list") return "a list";
  if (node.type === "null") return "empty";
  if (node.type === "secret") return "a secret variable";
  const article = node.type === "string" ? "the text" : `the ${node.type}`;
  return `${article} '${node.source}'`;
}
