import { z } from "zod";

/** What a node runs, as it says itself. */
export const PatchLevel = z.object({
  /** e.g. `debian 13.2` */
  os: z.string(),
  kernel: z.string(),
  docker: z.string(),
  /** The hash of its sorted package list. */
  packages: z.string(),
});

export type PatchLevel = z.infer<typeof PatchLevel>;

/** Reads what a node's report printed. */
export function parsePatchLevel(report: string): PatchLevel {
  return PatchLevel.parse(JSON.parse(report));
}

/**
 * Says which nodes differ from the first, and in what; undefined when all are the same.
 *
 * Nodes of different patch levels fail in ways that depend on where a task happens to run.
 */
export function differences(levels: Readonly<Record<string, PatchLevel>>): string | undefined {
  const [reference, ...others] = Object.entries(levels);
  if (!reference) return undefined;
  const [referenceName, wanted] = reference;
  const lines = others.flatMap(([name, level]) =>
    PatchLevel.keyof()
      .options.filter((key) => level[key] !== wanted[key])
      .map((key) => `${name} has ${key} '${level[key]}', ${referenceName} has '${wanted[key]}'`),
  );
  if (lines.length === 0) return undefined;
  return `nodes differ in patch level: ${lines.join("; ")}; replace the odd ones: ./farm up --target-replace, or set image.updated`;
}
