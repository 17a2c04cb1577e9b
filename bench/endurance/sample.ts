import { z } from "zod";

const Reading = z.object({
  /** Name of the measurement, e.g. `memory/dockerd`. */
  key: z.string().min(1),
  /** A count, or bytes. */
  value: z.number().nonnegative(),
  /** In the same unit. Default: none */
  limit: z.number().positive().optional(),
  /** `rotates`: something keeps the value under its limit; `rotates-seen`: and has done so on this node. */
  kind: z.enum(["hard", "rotates", "rotates-seen"]),
  /** Where the limit comes from. */
  note: z.string(),
});

export const Sample = z.object({
  /** Milliseconds since 1970 by this host's clock. */
  at: z.number(),
  node: z.string(),
  readings: z.array(Reading),
});

/** One value of a node. */
export type Reading = z.infer<typeof Reading>;

/** Measurements by one run of sample.sh on one node. */
export type Sample = z.infer<typeof Sample>;

/** Reads what sample.sh prints. Throws on a line that it does not print, and when there is none. */
export function parseReadings(text: string): Reading[] {
  const lines = text.split("\n").filter((line) => line !== "");
  if (lines.length === 0) throw new Error("the sample is empty");
  return lines.map((line) => {
    const [, key, value, limit, kind, note = ""] = /^(\S+) (\d+) (\S+) (\S+) ?(.*)$/.exec(line) ?? [];
    // 0 is no limit that a value could reach, e.g. of a file system that counts no inodes.
    const most = limit === "-" || limit === "0" ? undefined : Number(limit);
    const read = Reading.safeParse({ key, value: Number(value), limit: most, kind, note });
    if (!read.success) throw new Error(`'${line}' is not a line of sample.sh`);
    return read.data;
  });
}

/** Reads a file of samples, one JSON object a line. A run that was killed may leave half a line at the end: it is left out. */
export function parseSamples(text: string): Sample[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => Sample.parse(JSON.parse(line)));
}
