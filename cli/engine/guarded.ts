import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Context } from "../context/context";
import { dataLossOf, dataLossStatus } from "../data-loss/guard";
import { FarmError } from "../base/errors";
import { withPrivateFolder } from "../base/private-folder";
import { serviceNotesIn } from "../preview/services";
import { eventLogOf, asksNothing, guardedArguments } from "../pulumi/arguments";
import { runPlain, runPlainKeepingErrors, runPulumi, type Display, type Farm } from "./run-pulumi";
import { findsNoChange } from "./unchanged";

/** A guarded run: `up` refuses to delete data without `--accept-data-loss`, `preview` reports it. */
export interface Guard {
  /** Nodes whose data may be lost. */
  readonly accepted: readonly string[];
  /** Asks whether to continue. Default: on the terminal. */
  readonly confirm?: (farm: Pick<Context, "signal">) => Promise<boolean>;
  /** Called with Pulumi's errors if the preview fails. Default: they are only shown. */
  readonly onErrors?: (text: string) => void;
}

/** How an update ended. */
export interface Outcome {
  /** Pulumi's exit status, or one of `./farm`'s own. */
  readonly status: number;
  /** Whether Pulumi ran, so that the farm or its state may be another. */
  readonly ran: boolean;
}

/** Shows a preview, and names the services that it replaces and the data that goes with the disks that it deletes. */
export async function previewGuarded(farm: Farm, args: readonly string[], guard: Guard): Promise<number> {
  return (await inspected(farm, args, guard, false)).status;
}

interface Inspected {
  readonly status: number;
  /** Whether there is nothing to update. */
  readonly isDone: boolean;
}

/** @param isSame whether all that there is to change is in the preview */
async function inspected(farm: Farm, args: readonly string[], guard: Guard, isSame: boolean): Promise<Inspected> {
  return withPrivateFolder(async (folder) => {
    const requested = eventLogOf(args);
    const events = requested ?? join(folder, "events");
    const all = ["preview", ...args, ...(requested === undefined ? ["--event-log", events] : [])];
    const status = guard.onErrors
      ? await runPlainKeepingErrors(farm, all, guard.onErrors)
      : await runPlain(farm, ...all);
    if (status !== 0) return { status, isDone: false };
    for (const note of serviceNotesIn(farm, events)) farm.report.say(`farm: ${note}`);
    const loss = await dataLossOf(farm, events, guard.accepted);
    if (loss === "") return { status, isDone: isSame && findsNoChange(readFileSync(events, "utf8")) };
    farm.report.say(`farm: ${loss}`);
    return { status: dataLossStatus, isDone: false };
  });
}

/**
 * Runs the preview that `pulumi up` would run, checks it for lost data, and updates.
 *
 * @param isSame whether state and program are those of the last update: what a preview of them shows is all that there is to change
 * @returns Pulumi's status; 77 if it would lose data
 */
export async function updateGuarded(
  farm: Farm,
  { command, args, display }: { readonly command: string; readonly args: readonly string[]; readonly display: Display },
  guard: Guard,
  isSame: boolean,
): Promise<Outcome> {
  const { preview, update } = guardedArguments(args);
  const { status, isDone } = await inspected(farm, preview, guard, isSame);
  if (status !== 0) return { status, ran: false };
  if (isDone) {
    farm.report.say("nothing to update");
    return { status, ran: false };
  }
  if (!asksNothing(args) && !(await (guard.confirm ?? confirmUpdate)(farm))) throw new FarmError("nothing was changed");
  return { status: await runPulumi(farm, display, command, ...update), ran: true };
}

async function confirmUpdate({ signal }: Pick<Context, "signal">): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = "perform this update? (yes/no; ./farm preview --diff shows details) ";
    return (await lines.question(question, { signal })).trim() === "yes";
  } finally {
    lines.close();
  }
}
