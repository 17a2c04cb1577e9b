import { added, changed, type DiffLine } from "./differences";
import type { Step } from "./events";
import { outline } from "./outline";
import { valueAt } from "./paths";
import { hiddenIn, secretAsIn, type Hide } from "./secrets";
import { readable, secretText, type Json, type JsonObject } from "./values";

/** The properties of a created resource. */
export function createdProperties({ new: next }: Step, hide: Hide): DiffLine[] {
  return added(outline(shown(next?.inputs, hide)));
}

/** The differences of the inputs, and other properties that the provider reports as changed. */
export function changedProperties(step: Step, hide: Hide): DiffLine[] {
  if (!step.new || !step.old) return [];
  const inputs = { old: shown(step.old.inputs, hide), new: shown(step.new.inputs, hide) };
  const before = secretAsIn(inputs.new, inputs.old) as JsonObject;
  const after = secretAsIn(inputs.old, inputs.new) as JsonObject;
  const real = secretAsIn(after, shown(step.old.outputs, hide));
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  // One property after the other: what is removed and what is added stay side by side.
  const seen = keys.flatMap((key) => changed(outline(only(before, key)), outline(only(after, key))));
  const named = namedByProvider(step).filter(({ path }) => same(valueAt(before, path), valueAt(after, path)));
  const unseen = named.flatMap((each) => unseenChange(each, valueAt(real, each.path), valueAt(after, each.path), hide));
  if (seen.length + unseen.length > 0) return [...seen, ...unseen];
  return named.map(({ path }) => ({ sign: "!", text: `${hide(path)}: changed` }));
}

interface Named {
  readonly path: string;
  /** `add`, `update` or `delete`, perhaps with `-replace`; unknown where the provider tells only the names. */
  readonly kind: string;
}

function namedByProvider({ detailedDiff, diffs }: Step): Named[] {
  const detailed = Object.entries(detailedDiff ?? {}).map(([path, { diffKind: kind }]) => ({ path, kind }));
  const named = detailed.length > 0 ? detailed : (diffs ?? []).map((path) => ({ path, kind: "" }));
  return named.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Changed properties whose inputs look equal: the value is secret, or was changed by hand. Other properties are outputs, known
 * only after the update.
 */
function unseenChange({ path, kind }: Named, real: Json | undefined, after: Json | undefined, hide: Hide): DiffLine[] {
  const name = hide(path);
  if (after === secretText) return [{ sign: "!", text: `${name}: another secret` }];
  const was = real === undefined ? [] : outline({ [name]: real });
  if (after === undefined) return kind.startsWith("delete") ? changed(was, []) : [];
  if (same(real, after)) return [{ sign: "!", text: `${name}: changed` }];
  return changed(was, outline({ [name]: after }));
}

function only(properties: JsonObject, key: string): JsonObject {
  const value = properties[key];
  return value === undefined ? {} : { [key]: value };
}

function shown(properties: JsonObject | null | undefined, hide: Hide): JsonObject {
  return readable(hiddenIn(properties ?? {}, hide)) as JsonObject;
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
