import { z } from "zod";
import { counted } from "../../infra/config/counted";
import { FarmError } from "../base/errors";
import type { Context } from "../context/context";
import { ask } from "../nodes/ask";
import { anyManager } from "../nodes/ssh";
import { scripts } from "./scripts";

/** The service of the load balancer's ACME client. */
export const acmeService = "loadbalancer-acme";

const Moment = z.iso.datetime({ offset: true });

/** A line of the client's log, see apps/acme. */
const Status = z.object({
  /** When it wrote it. */
  at: Moment,
  /** When the certificate ends; absent without one. */
  ends: Moment.optional(),
  /** When the first of its failures in a row was, why the last one was, and when it tries again. */
  failing: Moment.optional(),
  error: z.string().optional(),
  next: Moment.optional(),
});

type Status = z.infer<typeof Status>;

const askSeconds = 60;
const dayMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Asks a manager for the client's status.
 *
 * @returns what is wrong with its certificate, in one line; undefined if nothing is
 */
export async function acmeWarning(farm: Pick<Context, "stack" | "folders">, now: number): Promise<string | undefined> {
  try {
    const script = scripts("acme-status.sh", { SERVICE: acmeService });
    const { stdout } = await ask(farm, anyManager, script, { timeoutSeconds: askSeconds });
    return warningOf(stdout, now);
  } catch (error) {
    if (error instanceof FarmError) return undefined;
    throw error;
  }
}

/**
 * The problem that the newest of several statuses reports, if there is one.
 *
 * @param text a line of JSON for each; other lines are skipped
 * @param now  in milliseconds since 1970
 */
export function warningOf(text: string, now: number): string | undefined {
  const statuses = text.split("\n").flatMap((line) => statusOf(line));
  const newest = statuses.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).at(-1);
  const doNext = "docs/how-to/acme.md lists causes";
  if (!newest) return `the load balancer has no certificate of its ACME directory yet; ./farm doctor says how it goes`;
  const { ends, failing, error, next } = newest;
  if (error === undefined) return undefined;
  const since = failing === undefined ? "" : ` since ${minute(failing)}`;
  const again = next === undefined ? "" : `; next attempt ${minute(next)}`;
  return `the load balancer's certificate cannot be ${ends === undefined ? "obtained" : "renewed"}${since}: ${error}${again}; ${servedNow(ends, now)}: ${doNext}`;
}

function statusOf(line: string): Status[] {
  try {
    const { success, data } = Status.safeParse(JSON.parse(line));
    return success ? [data] : [];
  } catch {
    return [];
  }
}

function servedNow(ends: string | undefined, now: number): string {
  if (ends === undefined) return "the farm's own is served meanwhile";
  const days = Math.floor((Date.parse(ends) - now) / dayMilliseconds);
  const date = ends.slice(0, 10);
  return days < 0
    ? `the one that is served ended on ${date}`
    : `the one that is served ends on ${date} (in ${counted(days, "day")})`;
}

/** A moment without its seconds, e.g. `2026-11-29 02:10 UTC`. */
function minute(moment: string): string {
  return `${new Date(moment).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
