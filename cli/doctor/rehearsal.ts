import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Context } from "../context/context";
import { duration } from "../report/reporter";
import type { Finding } from "./diagnose";

const Rehearsal = z.object({
  /** When it began, in ISO 8601. */
  at: z.string(),
  /** The file or the snapshots. */
  source: z.string(),
  /** Why it failed, a line each; empty where it passed. */
  problems: z.array(z.string()),
  /** How old the oldest restored data was. */
  rpoSeconds: z.number(),
  /** From the first step to routes that answer, with the data. */
  rtoSeconds: z.number(),
});

/** How the last rehearsal of a restore ended. */
export type Rehearsal = z.infer<typeof Rehearsal>;

type Farm = Pick<Context, "folders">;

/** The last rehearsal on this machine; undefined if there was none since the farm was built. */
export function lastRehearsal(farm: Farm): Rehearsal | undefined {
  const file = fileOf(farm);
  if (!existsSync(file)) return undefined;
  try {
    return Rehearsal.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    // It was cut off while it was written.
    return undefined;
  }
}

/** Writes down how one ended, for `doctor`. */
export function keepRehearsal(farm: Farm, rehearsal: Rehearsal): void {
  mkdirSync(dirname(fileOf(farm)), { recursive: true });
  writeFileSync(fileOf(farm), `${JSON.stringify(rehearsal)}\n`);
}

/** A rehearsal that failed. */
export function rehearsalFindings(last: Rehearsal | undefined): Finding[] {
  const { at = "", problems = [] } = last ?? {};
  const [first, ...more] = problems;
  if (first === undefined) return [];
  const others = more.length === 0 ? "" : `, and ${String(more.length)} more`;
  return [
    {
      what: `the rehearsal of a restore on ${at} failed: ${first}${others}`,
      byHand: "./farm restore --rehearse tries again",
    },
  ];
}

/** A rehearsal that passed, in one line; undefined without one. */
export function rehearsalNote(last: Rehearsal | undefined): string | undefined {
  if (!last || last.problems.length > 0) return undefined;
  return `a restore was rehearsed on ${last.at} and passed: data ${duration(last.rpoSeconds)} old, back in ${duration(last.rtoSeconds)}`;
}

function fileOf({ folders }: Farm): string {
  return join(folders.state, "rehearsal.json");
}
