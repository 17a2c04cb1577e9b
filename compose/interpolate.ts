import type { VariableUse, VariableValue } from "./model/application";
import type { Findings } from "./model/findings";
import type { Position } from "./model/position";
import { isSecret, join, type Text } from "./model/text";
import type { MapNode, Node } from "./yaml/node";

/** Docker's own pattern (cli/compose/template): `$$`, `$NAME`, `${NAME}` with one of `:-`, `-`, `:?`, `?`, or an error. */
const pattern = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)(?:(:?[-?])([^}]*))?\}|())/gi;

/** Texts that a shell or another program reads, where a dollar sign before anything but a name stands for itself, e.g. `$?`. */
const programText =
  /^services\.[^.]+\.(command|entrypoint|healthcheck\.test|environment|labels|deploy\.labels)\b|\.content$/;

/** Texts that a shell may read: `$(date)` is nobody's wish elsewhere. */
const shellText = /^services\.[^.]+\.(command|entrypoint|healthcheck\.test)\b|\.content$/;

/** Value of one reference to a variable, or the reason why it has none. */
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
    for (;;) {
      pattern.lastIndex = end;
      const match = pattern.exec(template);
      if (match === null) return join(...parts, template.slice(end));
      const { expression, value } = this.#reference(match, template.slice(match.index), at, path);
      parts.push(template.slice(end, match.index));
      end = match.index + expression.length;
      if ("text" in value) parts.push(value.text);
      else this.findings.refuse(at, path, value.reason, value.alternative);
    }
  }

  /** The whole of a reference, and its value. Docker ends each at the first brace; with braces inside it ends at the one that closes it. */
  #reference(
    match: RegExpExecArray,
    rest: string,
    at: Position,
    path: string,
  ): { expression: string; value: Substituted } {
    const [found, escaped, named, braced] = match;
    if (escaped !== undefined) return { expression: found, value: { text: "$" } };
    if (named !== undefined)
      return { expression: found, value: this.#plain(named, at, path, `, or write '$$${named}' for a dollar sign`) };
    const whole = expressionAt(rest);
    if (whole === undefined) {
      if (braced === undefined) return { expression: found, value: this.#dollarSign(rest, at, path) };
      return { expression: found, value: this.#plain(braced, at, path) };
    }
    const { name, operator, word, expression } = whole;
    return { expression, value: this.#withOperator({ name, operator, word }, expression !== found, at, path) };
  }

  #plain(name: string, at: Position, path: string, other = ""): Substituted {
    this.use(name, at, false);
    const value = this.lookup(name);
    if (value === undefined)
      this.findings.hint(
        at,
        path,
        `the variable '${name}' is not set: it is empty, as with docker`,
        setVariable(name) + other,
      );
    return { text: value ?? "" };
  }

  #withOperator({ name, operator, word }: Operation, isLonger: boolean, at: Position, path: string): Substituted {
    const kind = operator.slice(-1);
    this.use(name, at, kind !== "?");
    const value = this.lookup(name);
    const isGiven = value !== undefined && !(operator.startsWith(":") && value === "");
    const isNested = word.includes("${");
    const better = (what: string) => {
      this.findings.improve(at, path, `${what} of '${name}'; here it is as with Docker Compose`);
    };
    if (kind === "?") {
      if (isLonger || word.includes("-"))
        better(word.includes("-") ? "docker takes '-' for the default" : "docker ends the message at the first '}'");
      return isGiven
        ? { text: value }
        : { reason: `the variable '${name}' is required: ${word || "no message"}`, alternative: setVariable(name) };
    }
    if (kind === "+") better("docker takes no '+' for another value");
    else if (isNested || (isLonger && isGiven)) better("docker ends the default at the first '}'");
    if ((kind === "+") === isGiven) return { text: isNested ? this.#text(word, at, path) : word };
    return { text: kind === "+" ? "" : (value ?? "") };
  }

  /** Docker refuses it, or drops it where a variable follows. */
  #dollarSign(rest: string, at: Position, path: string): Substituted {
    const isText = rest.startsWith("$(") ? shellText.test(path) : programText.test(path);
    if (rest.startsWith("${") || !isText) return invalid(rest);
    const what = /^\$[^\s"']{0,10}/.exec(rest)?.[0] ?? "$";
    this.findings.improve(
      at,
      path,
      `docker takes no '$' before anything but a name; here '${what}' stays as it is written`,
    );
    return { text: "$" };
  }
}

interface Operation {
  readonly name: string;
  /** `-`, `?` or `+`, with `:` in front where an empty variable is as good as none. */
  readonly operator: string;
  readonly word: string;
}

/** An expression with an operator at the beginning of a text, up to the brace that closes it, or else to the first one. */
function expressionAt(text: string): (Operation & { readonly expression: string }) | undefined {
  const [start, name = "", operator = ""] = /^\$\{([_a-z][_a-z0-9]*)(:?[-?+])/i.exec(text) ?? [];
  const first = text.indexOf("}");
  if (start === undefined || first < 0) return undefined;
  const end = closingBrace(text) ?? first;
  return { name, operator, word: text.slice(start.length, end), expression: text.slice(0, end + 1) };
}

/** Where the first brace of a text is closed. */
function closingBrace(text: string): number | undefined {
  let open = 0;
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    open += brace === "{" ? 1 : -1;
    if (open === 0) return index;
  }
  return undefined;
}

function setVariable(name: string): string {
  return `set '${name}' under 'variables' of the stack in the configuration`;
}

function invalid(rest: string): Substituted {
  const [command] = /^\$\([^)]{0,30}\)?/.exec(rest) ?? [];
  if (command !== undefined)
    return {
      reason: `no shell reads '${command}' here`,
      alternative: "write what it gives, or a variable such as '${NAME}'",
    };
  const start = /^\$\{?[^}\s]{0,30}\}?/.exec(rest)?.[0] ?? "$";
  return { reason: `'${start}' is no variable`, alternative: "write '$$' for a dollar sign" };
}
