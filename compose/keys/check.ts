import { nearest } from "../../infra/config/nearest";
import type { Finding, Findings } from "../model/findings";
import type { Node } from "../yaml/node";
import type { Position } from "../model/position";
import type { Key, Exception } from "./key";
import { composeKeys } from "./table";

/** Keys whose entries are named by the file. */
const named = new Set(["services", "networks", "volumes", "configs", "secrets"]);
const namedInService = new Set(["networks", "depends_on", "ulimits"]);

const byPath = new Map<string, Key>(composeKeys.map((key) => [key.path, key]));

/** Says of every key of a file what happens to it. */
export function checkKeys(node: Node, findings: Findings, path = "", pattern = ""): void {
  if (node.kind === "list")
    for (const [i, item] of node.items.entries()) checkKeys(item, findings, `${path}[${String(i)}]`, `${pattern}[]`);
  if (node.kind !== "map" || isList(pattern)) return;
  for (const [name, entry] of node.entries) {
    const at = path === "" ? name : `${path}.${name}`;
    const below = hasNames(pattern) ? `${pattern}.*` : joined(pattern, name);
    const key = hasNames(pattern) ? undefined : keyFor(pattern, name);
    const exceptions = exceptionsOf(entry.node, key?.exceptions ?? []);
    for (const exception of exceptions) sayException(entry.at, at, exception, findings);
    if (key && exceptions.length === 0) findings.key(entry.at, at, verdictOf(key));
    if (!key && !hasNames(pattern))
      findings.refuse(entry.at, at, `compose files have no such key`, adviceFor(pattern, name));
    if (key?.open !== true && (key !== undefined || hasNames(pattern))) checkKeys(entry.node, findings, at, below);
  }
}

/** The exceptions that a value is taken by; none: it is not taken. */
function exceptionsOf(node: Node, all: readonly Exception[]): readonly Exception[] {
  const items = node.kind === "list" ? node.items : [node];
  const found = items.map((item) => all.find(({ values }) => item.kind === "scalar" && values.includes(item.source)));
  return [...new Set(found.every((each) => each !== undefined) ? found : [])];
}

function sayException(at: Position, path: string, { reason, isWarning }: Exception, findings: Findings): void {
  if (isWarning) findings.hint(at, path, reason);
  else findings.improve(at, path, reason);
}

function verdictOf({ outcome, reason, alternative }: Key): Pick<Finding, "outcome" | "reason" | "alternative"> {
  return {
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(alternative === undefined ? {} : { alternative }),
  };
}

/** Keys that hold a list alone: the reader refuses a mapping there as a whole. */
function isList(pattern: string): boolean {
  const below = (sign: string) => composeKeys.some(({ path }) => path.startsWith(pattern + sign));
  return pattern !== "" && below("[]") && !below(".");
}

function joined(pattern: string, name: string): string {
  return pattern === "" ? name : `${pattern}.${name}`;
}

function hasNames(pattern: string): boolean {
  const [first = "", star, key = "", ...deeper] = pattern.split(".");
  if (star === undefined) return named.has(first);
  return first === "services" && namedInService.has(key) && deeper.length === 0;
}

function keyFor(pattern: string, name: string): Key | undefined {
  const exact = byPath.get(joined(pattern, name));
  return exact ?? (name.startsWith("x-") ? byPath.get(joined(pattern, "x-*")) : undefined);
}

function adviceFor(pattern: string, name: string): string {
  const prefix = pattern === "" ? "" : `${pattern}.`;
  const here = composeKeys
    .filter(({ path }) => path.startsWith(prefix) && !path.slice(prefix.length).includes("."))
    .map(({ path }) => path.slice(prefix.length));
  const near = nearest(name, here);
  return near === undefined ? "remove it, or name it 'x-…' if it is a remark" : `the nearest is '${near}'`;
}
