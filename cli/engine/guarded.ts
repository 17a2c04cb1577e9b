import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Context } from "../context/context";
import { dataLossOf, dataLossStatus } from "../data-loss/guard";
import { FarmError } from "../base/errors";
import { withPrivateFolder } from "../base/private-folder";
import { serviceNotesIn } from "../preview/services";
import { eventLogOf, asksNothing, guardedArguments } from "../pulumi/arguments";
import { runPlain, runPlainKeepingErrors, runPulumi, type Display, type Farm } from "./run-pulumi";

/** A guarded run: `up` refuses to delete data without `--accept-data-loss`, `preview` reports it. */
export interface Guard {
  /** Nodes whose data may be lost. */
  readonly accepted: readonly string[];
  /** Asks whether to continue. Default: on the terminal. */
  readonly confirm?: (farm: Pick<Context, "signal">) => Promise<boolean>;
  /** Called with Pulumi's errors if the preview fails. Default: they are only shown. */
  readonly onErrors?: (text: string) => void;
}

/** Shows a preview, and names the services that it replaces and the data that goes with the disks that it deletes. */
export async function previewGuarded(farm: Farm, args: readonly string[], guard: Guard): Promise<number> {
  return withPrivateFolder(async (folder) => {
    const requested = eventLogOf(args);
    const events = requested ?? join(folder, "events");
    const all = ["preview", ...args, ...(requested === undefined ? ["--event-log", events] : [])];
    const status = guard.onErrors
      ? await runPlainKeepingErrors(farm, all, guard.onErrors)
      : await runPlain(farm, ...all);
    if (status !== 0) return status;
    for (const note of serviceNotesIn(farm, events)) farm.report.say(`farm: ${note}`);
    const loss = await dataLossOf(farm, events, guard.accepted);
    if (loss === "") return 0;
    farm.report.say(`farm: ${loss}`);
    return dataLossStatus;
  });
}

/**
 * Runs the preview that `pulumi up` would run, checks it for lost data, and updates.
 *
 * @returns Pulumi's status; 77 if it would lose data
 */
export async function updateGuarded(
  farm: Farm,
  command: string,
  args: readonly string[],
  display: Display,
  guard: Guard,
): Promise<number> {
  const { preview, update } = guardedArguments(args);
  const status = await previewGuarded(farm, preview, guard);
  if (status !== 0) return status;
  if (!asksNothing(args) && !(await (guard.confirm ?? confirmUpdate)(farm))) throw new FarmError("nothing was changed");
  return runPulumi(farm, display, command, ...update);
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
