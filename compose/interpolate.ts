import type { VariableUse, VariableValue } from "./model/application";
import type { Findings } from "./model/findings";
import type { Position } from "./model/position";
import { isSecret, join, type Text } from "./model/text";
import type { MapNode, Node } from "./yaml/node";

/** Docker's own pattern (cli/compose/template): `$$`, `$NAME`, `${NAME}` with one of `:-`, `-`, `:?`, `?`, or an error. */
const pattern = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)(?:(:?[-?])([^}]*))?\}|())/gi;

/** What one reference to a variable gives, or why it gives nothing. */
type Substituted = { readonly text: Text } | { readonly reason: string; readonly alternative: string };

/** Puts variables into texts, and remembers which the files use. */
export class Interpolation {
  readonly #uses = new Map<string, VariableUse>();

  constructor(
    private readonly variables: Readonly<Record<string, VariableValue>>,
    private readonly findings: Findings,
  ) {}

  /** By name. */
  get uses(): readonly VariableUse[] {
    return [...this.#uses.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The value of a variable; undefined where the configuration has none. */
  lookup(name: string): Text | undefined {
    const value = Object.hasOwn(this.variables, name) ? this.variables[name] : undefined;
    if (value === undefined) return undefined;
    return value.kind === "plain" ? value.value : { parts: [{ variable: name }] };
  }

  /** Marks a variable as used without a reference: `NAME` alone in `environment`. */
  use(name: string, at: Position, defaulted = true): void {
    const before = this.#uses.get(name);
    const set = Object.hasOwn(this.variables, name);
    this.#uses.set(name, { name, at: before?.at ?? at, set, defaulted: (before?.defaulted ?? true) && defaulted });
  }

  /** A file with the variables put in. Keys are left alone. */
  file(node: MapNode): MapNode {
    return this.#map(node, "");
  }

  #node(node: Node, path: string): Node {
    if (node.kind === "map") return this.#map(node, path);
    if (node.kind === "list")
      return { ...node, items: node.items.map((item, i) => this.#node(item, `${path}[${String(i)}]`)) };
    if (node.type !== "string" || !node.value.includes("$")) return node;
    const { at, source } = node;
    const value = this.#text(node.value, at, path);
    const base = { kind: "scalar", at, source, interpolated: value !== node.value } as const;
    return isSecret(value) ? { ...base, type: "secret", value } : { ...base, type: "string", value };
  }

  #map(node: MapNode, path: string): MapNode {
    const entries = [...node.entries].map(([key, entry]) => {
      const inside = path === "" ? key : `${path}.${key}`;
      return [key, { ...entry, node: this.#node(entry.node, inside) }] as const;
    });
    return { ...node, entries: new Map(entries) };
  }

  #text(template: string, at: Position, path: string): Text {
    const parts: Text[] = [];
    let end = 0;
    for (const match of template.matchAll(pattern)) {
      parts.push(template.slice(end, match.index));
      end = match.index + match[0].length;
      const after = this.#reference(match, template.slice(match.index), at, path);
      if ("text" in after) parts.push(after.text);
      else this.findings.refuse(at, path, after.reason, after.alternative);
    }
    return join(...parts, template.slice(end));
  }

  #reference(match: RegExpExecArray, rest: string, at: Position, path: string): Substituted {
    const [, escaped, named, braced, operator, word = ""] = match;
    if (escaped !== undefined) return { text: "$" };
    const name = named ?? braced;
    if (name === undefined) return invalid(rest);
    if (operator?.endsWith("-")) return this.#withDefault(name, operator, word, match[0], at);
    this.use(name, at, false);
    const value = this.lookup(name);
    if (operator !== undefined && word.includes("-"))
      return {
        reason: `docker takes '${word.slice(word.indexOf("-") + 1)}' for the default of '${match[0]}', even where '${name}' is set`,
        alternative: "write a message without '-'",
      };
    if (operator !== undefined) {
      const missing = value === undefined || (operator === ":?" && value === "");
      return missing
        ? { reason: `the variable '${name}' is required: ${word || "no message"}`, alternative: setVariable(name) }
        : { text: value };
    }
    if (value === undefined)
      this.findings.hint(at, path, `the variable '${name}' is not set: it is empty, as with docker`, setVariable(name));
    return { text: value ?? "" };
  }

  #withDefault(name: string, operator: string, word: string, whole: string, at: Position): Substituted {
    this.use(name, at);
    const value = this.lookup(name);
    const given = value !== undefined && !(operator === ":-" && value === "");
    // Docker's pattern ends at the first brace, so that what follows is left as text behind the value.
    if (word.includes("${") || (word.includes("{") && given))
      return {
        reason: `docker ends the default of '${name}' at the first '}', and leaves the rest as text`,
        alternative: `write a default without braces, or set '${name}' in the configuration and write '\${${name}}' instead of '${whole}'`,
      };
    return { text: given ? value : word };
  }
}

function setVariable(name: string): string {
  return `set '${name}' under 'variables' of the stack in the configuration`;
}

function invalid(rest: string): Substituted {
  const start = /^\$\{?[^}\s]{0,30}\}?/.exec(rest)?.[0] ?? "$";
  return start.includes(":+") || start.includes("+")
    ? { reason: `docker has no '\${…:+…}': '${start}'`, alternative: "use a variable for the whole value" }
    : { reason: `'${start}' is no variable`, alternative: "write '$$' for a dollar sign" };
}
