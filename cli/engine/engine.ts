import { waitForLeader } from "../recover/leader";
import { asksForRefresh, isOfAll, withoutRefresh } from "../pulumi/arguments";
import { exportState } from "../pulumi/answer";
import { previewGuarded, updateGuarded, type Guard, type Outcome } from "./guarded";
import { unlockStack } from "../pulumi/lock";
import { runPulumi, type Display, type Farm } from "./run-pulumi";
import { isSettled, isSettledWith, settle, unsettle, uploadsNothing } from "../pulumi/settled";
import { parseResources, type Resource } from "../pulumi/state";
import { forgetRuns } from "./steps/jobs";
import { defineLostDomains } from "./steps/lost-domains";
import { sweepOrphans } from "./steps/orphans";
import { forgetPending } from "./steps/pending";
import { isScaled, scaledServices } from "./steps/scaled";
import { sweepSwarm } from "./steps/swarm-orphans";
import { retries } from "./retry";
import { programHash } from "./unchanged";

/** Arguments of a run of Pulumi. */
export interface Run {
  /** For example `up`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly display: Display;
  /** Checks for lost data first. Default: it does not. */
  readonly guard?: Guard;
  /** Refuses an update whose uploads do not fit into a hypervisor's pool. */
  readonly checkCapacity: () => Promise<void>;
}

/** The steps around a run; tests replace them. */
export const steps = {
  unlockStack,
  waitForLeader,
  exportState,
  sweepOrphans,
  sweepSwarm,
  forgetPending,
  defineLostDomains,
  isScaled,
  forgetRuns,
  runPulumi,
  previewGuarded,
  updateGuarded,
};

/** Seeds are not refreshed, which the provider can wait for forever (cli/engine/watchdog.ts). */
const withoutSeeds = ["--exclude", "**libvirt:index/cloudinitDisk:CloudinitDisk::*"] as const;

const updates: readonly string[] = ["up", "update"];
const deletions: readonly string[] = ["destroy", "down"];
const withoutChange: readonly string[] = ["preview", "refresh"];

/**
 * Runs Pulumi on the farm. An update first removes leftovers of an interrupted run, and is retried once for what
 * cli/engine/retry.ts lists.
 *
 * @returns its exit status; 77 if it would lose data
 * @throws FarmError
 */
export async function runOnFarm(farm: Farm, run: Run, around = steps): Promise<Outcome> {
  const outcome = await runOnce(farm, run, around);
  const retry = retries.get(outcome.status);
  if (retry === undefined) return outcome;
  farm.report.say(`farm: ${retry.reason}`);
  const refreshes = retry.refreshes === true && updates.includes(run.command) && !asksForRefresh(run.args);
  return runOnce(farm, refreshes ? { ...run, args: [...run.args, "--refresh"] } : run, around);
}

async function runOnce(farm: Farm, run: Run, around: typeof steps): Promise<Outcome> {
  const { command, args, display } = run;
  const [isUpdate, isDeletion] = [updates.includes(command), deletions.includes(command)];
  const refreshes = command === "refresh" || asksForRefresh(args);
  if (isUpdate || isDeletion || withoutChange.includes(command)) around.unlockStack(farm);
  if (refreshes && !isDeletion) await around.waitForLeader(farm);
  if (isDeletion) await prepareDeletion(farm, around);
  const program = isUpdate && run.guard && isOfAll(args) ? programHash(farm) : "";
  const isSame = isSettledWith(farm, program);
  const state = isUpdate ? await prepareUpdate(farm, run, program, around) : [];
  if (isUpdate) {
    const status = await refreshFirst(farm, display, refreshes, state, around);
    if (status !== 0) return { status, ran: true };
  }
  const outcome = await runGuarded(farm, { ...run, args: argumentsOf(isUpdate, refreshes, args) }, isSame, around);
  if (outcome.status === 0 && isUpdate) settle(farm);
  if (outcome.status === 0 && command === "refresh") await forgetRefreshed(farm, around);
  return { ...outcome, ran: outcome.ran || refreshes };
}

/** The update is preceded by a refresh without seeds; the update itself includes them. */
function argumentsOf(isUpdate: boolean, refreshes: boolean, args: readonly string[]): readonly string[] {
  if (!refreshes) return args;
  return isUpdate ? withoutRefresh(args) : [...args, ...withoutSeeds];
}

async function prepareDeletion(farm: Farm, around: typeof steps): Promise<void> {
  const state = parseResources(await around.exportState(farm));
  if (!isSettled(farm)) await around.sweepOrphans(farm, state);
  await around.defineLostDomains(farm, state);
  unsettle(farm);
}

/** Skipped if the last update succeeded. */
async function prepareUpdate(
  farm: Farm,
  { checkCapacity }: Run,
  program: string,
  around: typeof steps,
): Promise<readonly Resource[]> {
  const settled = isSettled(farm);
  const exported = !settled || around.isScaled(farm) ? await around.exportState(farm) : "{}";
  const state = parseResources(exported);
  if (!settled) {
    await around.sweepOrphans(farm, state);
    await around.sweepSwarm(farm, state);
    await around.forgetPending(farm, exported);
  }
  if (!uploadsNothing(farm)) await checkCapacity();
  // Until it succeeds.
  unsettle(farm, program);
  return state;
}

async function refreshFirst(
  farm: Farm,
  display: Display,
  refreshes: boolean,
  state: readonly Resource[],
  around: typeof steps,
): Promise<number> {
  const scaled = around.isScaled(farm) ? scaledServices(state).flatMap((urn) => ["--target", urn]) : [];
  if (!refreshes && scaled.length === 0) return 0;
  const targets = refreshes ? withoutSeeds : scaled;
  const status = await around.runPulumi(farm, display, "refresh", "--yes", "--skip-preview", ...targets);
  if (status === 0 && refreshes) await forgetRefreshed(farm, around);
  return status;
}

async function forgetRefreshed(farm: Farm, around: typeof steps): Promise<void> {
  await around.forgetRuns(farm, await around.exportState(farm));
}

async function runGuarded(farm: Farm, run: Run, isSame: boolean, around: typeof steps): Promise<Outcome> {
  const { command, args, display, guard } = run;
  if (!guard) return { status: await around.runPulumi(farm, display, command, ...args), ran: true };
  return command === "preview"
    ? { status: await around.previewGuarded(farm, args, guard), ran: false }
    : around.updateGuarded(farm, run, guard, isSame);
}
