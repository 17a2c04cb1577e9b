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
 * Says which nodes differ from the first with the same image, and in what; undefined when none does.
 *
 * Nodes of different patch levels fail in ways that depend on where a task happens to run.
 *
 * @param levels what each node runs, by its name
 * @param images the name of each node's image: other images are meant to differ
 */
export function differences(
  levels: Readonly<Record<string, PatchLevel>>,
  images: Readonly<Record<string, string>>,
): string | undefined {
  const nodes = Object.entries(levels);
  const lines = nodes.flatMap(([name, level]) => {
    const [reference, wanted] = nodes.find(([other]) => images[other] === images[name]) ?? [name, level];
    return PatchLevel.keyof()
      .options.filter((key) => level[key] !== wanted[key])
      .map((key) => `${name} has ${key} '${level[key]}', ${reference} has '${wanted[key]}'`);
  });
  if (lines.length === 0) return undefined;
  return `nodes differ in patch level: ${lines.join("; ")}; replace the odd ones: ./farm up --target-replace, or set image.version`;
}
