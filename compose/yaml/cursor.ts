import type { Findings } from "../model/findings";
import type { Position } from "../model/position";
import { secretsOf, type Text } from "../model/text";
import { kindOf, type Node, type ScalarNode } from "./node";

/** A place in a compose file, with readers that say what is wrong and return undefined. */
export class Cursor {
  constructor(
    readonly node: Node,
    readonly path: string,
    readonly at: Position,
    readonly findings: Findings,
  ) {}

  /** The value of a key; undefined where it is not there, or empty. */
  get(key: string): Cursor | undefined {
    const entry = this.node.kind === "map" ? this.node.entries.get(key) : undefined;
    if (entry === undefined || (entry.node.kind === "scalar" && entry.node.type === "null")) return undefined;
    return new Cursor(entry.node, `${this.path}${this.path === "" ? "" : "."}${key}`, entry.at, this.findings);
  }

  /** The entries of a mapping. */
  entries(): [key: string, value: Cursor][] {
    if (this.node.kind !== "map") return this.#wrong("a mapping") ?? [];
    const prefix = this.path === "" ? "" : `${this.path}.`;
    return [...this.node.entries].map(([key, { at, node }]) => [
      key,
      new Cursor(node, `${prefix}${key}`, at, this.findings),
    ]);
  }

  /** The items of a list. */
  items(): Cursor[] {
    if (this.node.kind !== "list") return this.#wrong("a list") ?? [];
    return this.node.items.map((node, i) => new Cursor(node, `${this.path}[${String(i)}]`, node.at, this.findings));
  }

  /** The items of a list, or what stands in place of a list of one. */
  itemsOrSelf(): Cursor[] {
    return this.isList ? this.items() : [this];
  }

  get isMap(): boolean {
    return this.node.kind === "map";
  }

  get isList(): boolean {
    return this.node.kind === "list";
  }

  /** Text that may have secret variables. A number is taken as text where that is safe, which docker refuses. */
  text(): Text | undefined {
    const { node } = this;
    if (node.kind !== "scalar" || node.type === "null") return this.#wrong("text");
    if (node.type === "string" || node.type === "secret") return node.value;
    const printed = node.type === "number" ? node.text : node.source;
    if (printed !== node.source || node.type === "date")
      return this.refuse(`${kindOf(node)} is no text to YAML`, `write "${node.source}" in quotes`);
    this.findings.improve(this.at, this.path, `docker takes text in quotes alone; here '${printed}' is text too`);
    return printed;
  }

  /** Text that is needed before the deployment. */
  plain(): string | undefined {
    const text = this.text();
    if (text === undefined || typeof text === "string") return text;
    return this.refuse(
      `the variable '${secretsOf(text).join("', '")}' is secret, and this value is needed for the preview`,
      "use a plain variable here",
    );
  }

  /** One of several words. */
  oneOf<const Word extends string>(words: readonly Word[]): Word | undefined {
    const text = this.plain();
    const word = words.find((each) => each === text);
    if (word !== undefined || text === undefined) return word;
    return this.refuse(`'${text}' is none of '${words.join("', '")}'`, "write one of them");
  }

  boolean(): boolean | undefined {
    const node = this.#scalar();
    if (node?.type === "boolean") return node.value;
    const text = node?.type === "string" ? node.value.toLowerCase() : undefined;
    const value = text === undefined ? undefined : booleans.get(text);
    if (value === undefined) return this.#wrong("true or false");
    if (!node?.interpolated)
      return this.refuse(`'${node?.source ?? ""}' is text to YAML 1.2 and to docker`, `write ${String(value)}`);
    return value;
  }

  number(): number | undefined {
    const node = this.#scalar();
    if (node?.type === "number") return node.value;
    const value = node?.type === "string" && node.value.trim() !== "" ? Number(node.value) : Number.NaN;
    if (Number.isNaN(value)) return this.#wrong("a number");
    if (!node?.interpolated)
      this.findings.improve(this.at, this.path, "docker takes no number in quotes; here it does");
    return value;
  }

  /** A whole number from 0 on. */
  count(): number | undefined {
    const value = this.number();
    if (value === undefined || (Number.isInteger(value) && value >= 0)) return value;
    return this.refuse(`'${String(value)}' is no whole number from 0 on`, "write one");
  }

  /** Refuses this place. Returns what to go on with: `instead`, or undefined. */
  refuse<T>(reason: string, alternative: string, instead?: T): T | undefined {
    this.findings.refuse(this.at, this.path, reason, alternative);
    return instead;
  }

  #scalar(): ScalarNode | undefined {
    return this.node.kind === "scalar" ? this.node : undefined;
  }

  #wrong<T>(expected: string, instead?: T): T | undefined {
    return this.refuse(`${expected} is expected, and this is ${kindOf(this.node)}`, `write ${expected}`, instead);
  }
}

/** Texts that docker accepts as a boolean in a variable. */
const booleans = new Map<string, boolean>([
  ...["y", "yes", "true", "on"].map((word): [string, boolean] => [word, true]),
  ...["n", "no", "false", "off"].map((word): [string, boolean] => [word, false]),
]);
