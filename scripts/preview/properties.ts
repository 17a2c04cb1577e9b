import { added, changed, type DiffLine } from "./differences";
import type { Step } from "./events";
import { outline } from "./outline";
import { valueAt } from "./paths";
import { hiddenIn, secretAsIn, type Hide } from "./secrets";
import { readable, secretText, type Json, type JsonObject } from "./values";

/** The properties of what is new. */
export function createdProperties({ new: next }: Step, hide: Hide): DiffLine[] {
  return added(outline(shown(next?.inputs, hide)));
}

/** What differs in the inputs; and what the provider calls changed besides. */
export function changedProperties(step: Step, hide: Hide): DiffLine[] {
  if (!step.new || !step.old) return [];
  const inputs = { old: shown(step.old.inputs, hide), new: shown(step.new.inputs, hide) };
  const before = secretAsIn(inputs.new, inputs.old) as JsonObject;
  const after = secretAsIn(inputs.old, inputs.new) as JsonObject;
  const real = secretAsIn(after, shown(step.old.outputs, hide));
  const paths = Object.keys(step.detailedDiff ?? {});
  const named = paths.length > 0 ? paths : (step.diffs ?? []);
  const unseen = named.filter((path) => same(valueAt(before, path), valueAt(after, path)));
  return [
    ...changed(outline(before), outline(after)),
    ...unseen.sort().flatMap((path) => unseenChange(hide(path), valueAt(real, path), valueAt(after, path))),
  ];
}

/** The inputs read the same, yet there is a change: the value is secret, or the real one was changed by hand. */
function unseenChange(path: string, real: Json | undefined, after: Json | undefined): DiffLine[] {
  if (real !== undefined && after !== undefined && !same(real, after)) {
    return changed(outline({ [path]: real }), outline({ [path]: after }));
  }
  return [{ sign: "!", text: `${path}: ${after === secretText ? "another secret" : "changed"}` }];
}

function shown(properties: JsonObject | null | undefined, hide: Hide): JsonObject {
  return readable(hiddenIn(properties ?? {}, hide)) as JsonObject;
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
