import { z } from "zod";

/** The versions that a node reports. */
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
 * The nodes that differ from the first node with the same image, and their differences; undefined if there are none.
 *
 * Nodes of different patch levels fail in ways that depend on where a task happens to run.
 *
 * @param levels patch levels by node
 * @param images guest images by node; nodes of different images may differ
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
