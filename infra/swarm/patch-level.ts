import { z } from "zod";

/** What a node runs, as its report says. */
export const PatchLevel = z.object({
  /** e.g. `debian 13.2` */
  os: z.string(),
  kernel: z.string(),
  docker: z.string(),
  /** The hash of its sorted package list. */
  packages: z.string(),
});

export type PatchLevel = z.infer<typeof PatchLevel>;

/** Parses a node's report. */
export function parsePatchLevel(report: string): PatchLevel {
  return PatchLevel.parse(JSON.parse(report));
}

/**
 * Names the nodes that differ from the first with the same image, and in what; undefined when none does.
 *
 * Nodes of different patch levels fail in ways that depend on where a task happens to run.
 *
 * @param levels what each node runs, by its name
 * @param images the name of each node's image: different images may differ
 */
export function differences(
  levels: Readonly<Record<string, PatchLevel>>,
  images: Readonly<Record<string, string>>,
): string | undefined {
  const nodes = Object.entries(levels);
  const differing = new Set<string>();
  const lines = nodes.flatMap(([name, level]) => {
    const [reference, expected] = nodes.find(([other]) => images[other] === images[name]) ?? [name, level];
    return PatchLevel.keyof()
      .options.filter((key) => level[key] !== expected[key])
      .map((key) => {
        differing.add(name);
        return `${name} has ${key} '${level[key]}', ${reference} has '${expected[key]}'`;
      });
  });
  if (lines.length === 0) return undefined;
  const replace = [...differing].map((name) => `--replace '**::${name}-disk'`).join(" ");
  return `nodes differ in patch level: ${lines.join("; ")}; replace their disks: ./farm up ${replace}; or set image.version`;
}
