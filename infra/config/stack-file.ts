import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load, YAMLException } from "js-yaml";
import { ProgramError } from "./program-error";
import { dateOf, valueOf } from "./value";

/** The farm's keys in `Pulumi.<stack>.yaml`, as Pulumi passes them to the program. */
export interface StackFile {
  readonly raw: Readonly<Record<string, unknown>>;
  /** Paths of values that only Pulumi can decrypt, e.g. `hosts.local.uri`; each is replaced by a text. */
  readonly secrets: readonly string[];
  /** False where `environment` adds keys that are not in this file. */
  readonly isWhole: boolean;
}

/** A stack's file is missing or cannot be read; the message says what to do. */
export class StackFileError extends ProgramError {
  override readonly name = "StackFileError";
}

const project = "swarm-farm";

/**
 * Reads a stack's configuration without Pulumi, which would need a backend, a passphrase and one second.
 *
 * @param folder of `Pulumi.yaml`
 * @throws StackFileError
 */
export function readStackFile(folder: string, stack: string): StackFile {
  const name = `Pulumi.${stack}.yaml`;
  const top = parse(name, textOf(folder, name));
  const config = top.config ?? {};
  if (!isMap(config)) throw new StackFileError(`${name}: 'config' must be a map of keys such as 'swarm-farm:nodes'`);
  const secrets: string[] = [];
  const entries = Object.entries(config).flatMap(([key, value]): [string, unknown][] => {
    const ours = keyOf(key);
    return ours === undefined ? [] : [[ours, topValue(withoutSecrets(value, [ours], secrets))]];
  });
  return { raw: Object.fromEntries(entries), secrets, isWhole: !("environment" in top) };
}

function textOf(folder: string, name: string): string {
  const file = join(folder, name);
  if (!existsSync(file)) {
    const others = stacksIn(folder);
    const alternative = others.length > 0 ? `, or name another stack (${others.join(", ")})` : "";
    throw new StackFileError(`there is no ${name}: copy Pulumi.dev.yaml and change what you like${alternative}`);
  }
  return readFileSync(file, "utf8");
}

/** The stacks that have a file. */
function stacksIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.flatMap((name) => /^Pulumi\.([^.]+)\.yaml$/.exec(name)?.[1] ?? []).sort();
}

function parse(name: string, text: string): Readonly<Record<string, unknown>> {
  let top: unknown;
  try {
    top = load(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new StackFileError(`${name} is not valid YAML: line ${String(error.mark.line + 1)}: ${error.reason}`);
  }
  if (top !== undefined && top !== null && !isMap(top))
    throw new StackFileError(`${name} must be a map with the key 'config'`);
  return top ?? {};
}

/** Pulumi also takes a key without a project, and the older `project:config:key`. */
function keyOf(key: string): string | undefined {
  const [, of = project, ours] = /^(?:([^:]+):(?:config:)?)?([^:]+)$/.exec(key) ?? [];
  return of === project ? ours : undefined;
}

/** How Pulumi keeps the value of a top-level key: as text, or as JSON. */
function topValue(value: unknown): unknown {
  return value === null ? "" : typeof value === "string" ? valueOf(value) : value;
}

function withoutSecrets(value: unknown, path: readonly string[], found: string[]): unknown {
  if (Array.isArray(value)) return value.map((each, index) => withoutSecrets(each, [...path, String(index)], found));
  if (typeof value === "string" || value instanceof Date) return dateOf(value);
  if (!isMap(value)) return value;
  if (Object.keys(value).length === 1 && typeof value.secure === "string") {
    found.push(path.join("."));
    return "[secret]";
  }
  const entries = Object.entries(value).map(
    ([key, each]) => [key, withoutSecrets(each, [...path, key], found)] as const,
  );
  return Object.fromEntries(entries);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
