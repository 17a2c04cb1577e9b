import type { FarmConfig } from "../../infra/config/schema";
import type { Context } from "../context/context";
import { repairs } from "../doctor/doctor";
import { waitSeconds } from "../context/wait-seconds";
import { hasNodes } from "../nodes/ssh";
import type { Early } from "./early";
import { look, type Found } from "./look";

/** How long `up` waits for a node whose VM runs, since the last change. */
const quietSeconds = 120;

const nothing: Found = { note: "", missing: [], renewals: [], state: [], at: 0 };

/**
 * The step `VMs`.
 *
 * @param early a question to a manager that was put already. Default: none
 * @param refreshes a refresh follows and repairs losses, so nothing is waited for
 */
export async function lookAtVms(
  context: Context,
  config: FarmConfig,
  refreshes: boolean,
  early?: Early,
): Promise<Found> {
  if (!hasNodes(context)) return nothing;
  let found = nothing;
  const waits = { startSeconds: waitSeconds(context), quietSeconds: refreshes ? 0 : quietSeconds };
  await context.report.step("VMs", async (progress) => {
    found = await look(context, config, waits, early, (text) => {
      progress.now(text);
    });
    return found.missing.length > 0 ? { warning: found.note } : found.note;
  });
  return found;
}

/** Arguments of `pulumi up` that refresh what is missing, and replace what a refresh does not see. */
export async function refreshArguments(context: Context, { missing }: Found, refreshes: boolean): Promise<string[]> {
  if (!hasNodes(context)) return [];
  if (refreshes) return repairs(context);
  if (missing.length === 0) return [];
  context.report.say("what is missing is refreshed first, as with --refresh");
  return ["--refresh", ...(await repairs(context))];
}
