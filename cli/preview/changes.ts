import type { Change, Operation } from "./change";
import type { DiffLine } from "./differences";
import type { Step } from "./events";
import { grouped } from "./grouped";
import { nodePartOf } from "./lost-vms";
import { changedProperties, createdProperties } from "./properties";
import type { Hide } from "./secrets";
import { parseUrn } from "./urn";

/** Changes by the engine's operation. Reads, refreshes and `same` are none. */
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

/** The order in which one of two changes of a resource is reported. */
const weights: Record<Operation, number> = { update: 0, create: 1, delete: 2, replace: 3 };

/** The order of the diff: changes that cannot be undone come first. */
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

/** Types of resources that Pulumi creates itself, and neither shows nor counts. */
function isDefaultProvider(urn: string): boolean {
  const { type, name } = parseUrn(urn);
  return type.startsWith("pulumi:providers:") && /^default(_|$)/.test(name);
}

/** The change that the steps of one resource make, if any. */
function changeOf(steps: readonly Step[], hide: Hide): Change | undefined {
  const known = steps.map((step) => ({ step, operation: meanings.get(step.op) }));
  const operation = known
    .flatMap((each) => each.operation ?? [])
    .reduce<Operation | undefined>((most, each) => (most && weights[most] >= weights[each] ? most : each), undefined);
  if (!operation) return undefined;
  const its = known.filter((each) => each.operation === operation).map(({ step }) => step);
  // In a replacement, the step with both states has the difference.
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
