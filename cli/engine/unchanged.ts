import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
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
 * When a file was changed last that the program is made of, or the configuration, in milliseconds since 1970; 0 if there is none. A
 * preview does not show all that follows from another program: a secret output, the order of deletion. All that a compose file
 * changes unseen is that order, which the next update takes.
 */
export function programTime({ repository, stack }: Pick<Context, "repository" | "stack">): number {
  const files = [...sources, `Pulumi.${stack}.yaml`].map((file) => join(repository, file));
  return Math.max(0, ...files.flatMap(changeTimes));
}

/** Of a file or of all in a folder: the time of the inode, which no copy sets back. */
function changeTimes(path: string): number[] {
  const found = statSync(path, { throwIfNoEntry: false });
  // One that is gone was in a folder, whose time tells.
  if (found === undefined) return [];
  if (!found.isDirectory()) return [found.ctimeMs];
  const names = readdirSync(path).filter((name) => name !== "node_modules");
  return [found.ctimeMs, ...names.flatMap((name) => changeTimes(join(path, name)))];
}
