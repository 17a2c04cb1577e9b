import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { contentHashIn } from "../../infra/images/content";
import type { Context } from "../context/context";
import { jsonOrNothing } from "../base/json";

/** With fields of which this version of the engine knows more. */
const State = z.looseObject({ outputs: z.unknown() });

const Metadata = z.object({ metadata: z.object({ op: z.string(), old: State.nullish(), new: State.nullish() }) });

const Event = z.object({
  resourcePreEvent: Metadata.optional(),
  resOutputsEvent: Metadata.optional(),
  summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()) }).optional(),
});

/**
 * Whether a preview that succeeded has found no change at all: each resource stays as it is, under its URN, with its parent and its
 * provider, and so do the outputs.
 *
 * @param log the preview's event log; anything that is not as this engine writes it is a change
 */
export function findsNoChange(log: string): boolean {
  const lines = log.split("\n").filter((line) => line !== "");
  const events = lines.map((line) => Event.safeParse(jsonOrNothing(line)));
  if (events.some(({ success }) => !success)) return false;
  const read = events.flatMap(({ data }) => data ?? []);
  const isSummed = read.some(
    ({ summaryEvent: summary }) => Object.keys(summary?.resourceChanges ?? {}).join() === "same",
  );
  return (
    isSummed && read.every((event) => isSame(event.resourcePreEvent, false) && isSame(event.resOutputsEvent, true))
  );
}

/** @param withOutputs those before the step has run are not known yet */
function isSame(event: z.infer<typeof Metadata> | undefined, withOutputs: boolean): boolean {
  if (event === undefined) return true;
  const { op, old, new: next } = event.metadata;
  if (op !== "same" || !old || !next) return false;
  return Object.keys({ ...old, ...next })
    .filter((key) => withOutputs || (key !== "outputs" && key !== "id"))
    .every((key) => isDeepStrictEqual(old[key], next[key]));
}

/** Of this repository, what a farm's program is made of. */
const sources = [
  "Pulumi.yaml",
  "index.ts",
  "infra",
  "stacks",
  "compose",
  "images",
  "sdks",
  "package-lock.json",
] as const;

/**
 * A hash of the program and its configuration. A preview does not show all that follows from another program: a secret output, the order of
 * deletion. Of compose files that order is all that a preview does not show, and they are not in the hash: the next update takes it.
 */
export function programHash({ repository, stack }: Pick<Context, "repository" | "stack">): string {
  const files = [...sources, `Pulumi.${stack}.yaml`].filter((file) => existsSync(join(repository, file)));
  return contentHashIn(repository, ...files);
}
