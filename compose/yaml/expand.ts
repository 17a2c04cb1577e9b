import { isAlias, isMap, isScalar, isSeq, type Alias, type Document, type LineCounter, type Node as Yaml } from "yaml";
import type { Findings } from "../model/findings";
import type { Position } from "../model/position";
import type { Entry, MapNode, Node, ScalarNode } from "./node";
import { resolveScalar } from "./scalar";

/** More than the largest compose file has by far; a billion laughs has a billion. */
const mostNodes = 100_000;

const standardTags = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq|merge)$/;

/** Thrown after the finding that says why: nothing else in the file can be trusted. */
export class Unreadable extends Error {}

/** Makes nodes of YAML's: aliases and `<<` are put in, scalars are resolved. */
export class Expander {
  readonly #open = new Set<Yaml>();
  #count = 0;

  constructor(
    private readonly document: Document,
    private readonly lines: LineCounter,
    private readonly file: string,
    private readonly findings: Findings,
  ) {}

  expand(yaml: unknown, after: Position): Node {
    if (!isNode(yaml)) return { kind: "scalar", at: after, source: "", interpolated: false, type: "null" };
    const at = this.#at(yaml);
    if (isAlias(yaml)) return this.expand(this.#target(yaml, at), at);
    if (this.#open.has(yaml)) this.#fail(at, "an alias stands inside of what it names", "name another anchor");
    if (++this.#count > mostNodes)
      this.#fail(at, `aliases make more than ${String(mostNodes)} values of this file`, "repeat less by aliases");
    this.#open.add(yaml);
    const node = this.#convert(yaml, at);
    this.#open.delete(yaml);
    return node;
  }

  #convert(yaml: Exclude<Yaml, Alias>, at: Position): Node {
    this.#checkTag(yaml, at);
    if (isMap(yaml)) return this.#map(yaml.items, at);
    if (isSeq(yaml)) return { kind: "list", at, items: yaml.items.map((item) => this.expand(item, at)) };
    const source = isScalar(yaml) ? textOf(yaml.value) : "";
    const plain = isScalar(yaml) && (yaml.type === "PLAIN" || yaml.type === undefined);
    const base = { kind: "scalar", at, source, interpolated: false } as const;
    const typed = /:(int|float|bool|null)$/.test(yaml.tag ?? "");
    if ((!plain && !typed) || yaml.tag?.endsWith(":str")) return { ...base, type: "string", value: source };
    const scalar: ScalarNode = { ...base, ...resolveScalar(source) };
    return scalar;
  }

  #map(pairs: readonly { readonly key: unknown; readonly value: unknown }[], at: Position): MapNode {
    const own = new Map<string, Entry>();
    const merged = new Map<string, Entry>();
    for (const { key, value } of pairs) {
      const position = isNode(key) ? this.#at(key) : at;
      const name = this.#key(key, position);
      const node = this.expand(value, position);
      if (name !== "<<" || (isScalar(key) && key.type !== "PLAIN")) own.set(name, { at: position, node });
      else for (const map of this.#merges(node, position)) addMissing(merged, map.entries);
    }
    addMissing(own, merged);
    return { kind: "map", at, entries: own };
  }

  /** Mappings that `<<` merges: one, or several of which the first wins. */
  #merges(node: Node, at: Position): MapNode[] {
    const all = node.kind === "list" ? node.items : [node];
    return all.map((each) =>
      each.kind === "map"
        ? each
        : this.#fail(at, "'<<' takes a mapping or a list of mappings", "name an anchor of one"),
    );
  }

  #key(key: unknown, at: Position): string {
    const resolved = isAlias(key) ? this.#target(key, at) : key;
    if (!isScalar(resolved)) return this.#fail(at, "a key is text", "quote it");
    // With the tag `!!merge` the value is a symbol.
    if (typeof resolved.value === "symbol") return "<<";
    const name = textOf(resolved.value);
    const text = resolved.type !== "PLAIN" || resolveScalar(name).type === "string";
    return text ? name : this.#fail(at, `the key '${name}' is no text to YAML`, `write "${name}" in quotes`);
  }

  #target(alias: Alias, at: Position): Yaml {
    return (
      alias.resolve(this.document) ??
      this.#fail(at, `the alias '*${alias.source}' has no anchor before it`, `define '&${alias.source}' further up`)
    );
  }

  #checkTag(yaml: Yaml, at: Position): void {
    if (yaml.tag === undefined || standardTags.test(yaml.tag)) return;
    const reset = /reset|override/.test(yaml.tag);
    this.#fail(
      at,
      `the tag '${yaml.tag}' is not known${reset ? ": it is Docker Compose's own, and docker stack deploy has none" : ""}`,
      reset ? "split the files so that nothing has to be taken back" : "write the value without a tag",
    );
  }

  #at(yaml: Yaml): Position {
    return { file: this.file, line: this.lines.linePos(yaml.range?.[0] ?? 0).line };
  }

  #fail(at: Position, reason: string, alternative: string): never {
    this.findings.refuse(at, "", reason, alternative);
    throw new Unreadable();
  }
}

function isNode(value: unknown): value is Yaml {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
}

/** The failsafe schema makes a text of every scalar. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function addMissing(to: Map<string, Entry>, from: ReadonlyMap<string, Entry>): void {
  for (const [name, entry] of from) if (!to.has(name)) to.set(name, entry);
}
