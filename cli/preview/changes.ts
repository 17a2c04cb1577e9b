import type { Change, Operation } from "./change";
import type { DiffLine } from "./differences";
import type { Step } from "./events";
import { grouped } from "./grouped";
import { nodePartOf } from "./machines";
import { changedProperties, createdProperties } from "./properties";
import type { Hide } from "./secrets";
import { parseUrn } from "./urn";

/** What the engine's steps come to. What is read, refreshed or stays is no change. */
const meanings = new Map<string, Operation>([
  ["create", "create"],
  ["import", "create"],
  ["update", "update"],
  ["replace", "replace"],
  ["create-replacement", "replace"],
  ["delete-replaced", "replace"],
  ["import-replacement", "replace"],
  ["read-replacement", "replace"],
  ["delete", "delete"],
]);

/** Of two things that happen to one resource, the one that a person must know of. */
const weights: Record<Operation, number> = { update: 0, create: 1, delete: 2, replace: 3 };

/** In the diff what cannot be undone comes first. */
const order: readonly Operation[] = ["replace", "delete", "update", "create"];

const collator = new Intl.Collator("en", { numeric: true });

/** The changes, each resource once: a replacement takes the engine three steps. */
export function changesOf(steps: readonly Step[], hide: Hide): Change[] {
  const byUrn = grouped(steps, ({ urn }) => urn);
  return [...byUrn.keys()]
    .filter((urn) => !isDefaultProvider(urn))
    .sort()
    .flatMap((urn) => changeOf(byUrn.get(urn) ?? [], hide) ?? [])
    .sort(
      (a, b) =>
        order.indexOf(a.operation) - order.indexOf(b.operation) ||
        Number(b.part !== undefined) - Number(a.part !== undefined) ||
        collator.compare(a.name, b.name) ||
        collator.compare(a.type, b.type),
    );
}

/** Pulumi makes these by itself, and neither shows nor counts them. */
function isDefaultProvider(urn: string): boolean {
  const { type, name } = parseUrn(urn);
  return type.startsWith("pulumi:providers:") && /^default(_|$)/.test(name);
}

/** What the steps of one resource come to, if it is a change. */
function changeOf(steps: readonly Step[], hide: Hide): Change | undefined {
  const known = steps.map((step) => ({ step, operation: meanings.get(step.op) }));
  const operation = known
    .flatMap((each) => each.operation ?? [])
    .reduce<Operation | undefined>((most, each) => (most && weights[most] >= weights[each] ? most : each), undefined);
  if (!operation) return undefined;
  const its = known.filter((each) => each.operation === operation).map(({ step }) => step);
  // Of a replacement's steps, one that knows both states tells the difference.
  const step = its.find(({ old, new: next }) => old && next) ?? its[0];
  if (!step) return undefined;
  const { type, name } = parseUrn(step.urn);
  return {
    operation,
    type: hide(type),
    name: hide(name),
    because: operation === "replace" ? [...new Set(its.flatMap(({ keys }) => keys ?? []))].sort().map(hide) : [],
    part: nodePartOf(step, hide),
    lines: linesOf(operation, step, hide),
  };
}

function linesOf(operation: Operation, step: Step, hide: Hide): DiffLine[] {
  switch (operation) {
    case "create":
      return createdProperties(step, hide);
    case "update":
    case "replace":
      return changedProperties(step, hide);
    case "delete":
      return [];
  }
}
