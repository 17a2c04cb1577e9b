import { planFarm } from "../../infra/net/plan";
import type { CommandDefinition, CommandOption, Invocation } from "../command-line/command";
import type { Context } from "../context/context";
import { diskFindings } from "../doctor/disk";
import { waitForServices } from "../convergence/step";
import { setUpEgress } from "../hypervisor/egress";
import { startForwards } from "../hypervisor/forwards";
import { askEarly } from "../look/early";
import { swarmOf, type Found } from "../look/look";
import { lookAtVms, refreshArguments } from "../look/step";
import { asksForRefresh, asksNothing } from "../pulumi/arguments";
import { runOnFarm } from "../engine/engine";
import { argumentsOf, flagsOf, pulumiArguments } from "../pulumi/flags";
import { outputsIn, outputsOf } from "../pulumi/outputs";
import { farmPage } from "../show/farm-page";
import { acceptDataLoss, acceptedNodes, endWith, prepare, type SetUp } from "./set-up";

const pullTags: CommandOption = {
  flags: "--pull",
  description: "resolve tags of other registries to their current images",
};

/**
 * `./farm up`: checks VMs and nodes before Pulumi, which compares with its state alone, and services after it.
 */
export function up(setUp: SetUp): CommandDefinition {
  return {
    name: "up",
    summary: "install what is missing, then build or update the farm",
    description:
      "Shows a preview and asks before it changes anything. Starts VMs that are off; what is missing is refreshed and repaired. Ends once every service is healthy and every route answers. A disk with data is deleted only with --accept-data-loss.",
    arguments: pulumiArguments,
    options: [
      ...flagsOf("up"),
      acceptDataLoss,
      pullTags,
      { flags: "--verbose", description: "show the update in Pulumi's own display" },
    ],
    interrupted: "./farm up goes on where it stopped",
    examples: [
      { line: "./farm up --yes", what: "build or update without a question" },
      { line: "./farm up --refresh", what: "repair what was changed by hand" },
    ],
    async run(context, invocation) {
      const over = new AbortController();
      try {
        await update(setUp, context, invocation, over.signal);
      } finally {
        over.abort();
      }
    },
  };
}

/** @param over ends looks at the farm of which nobody needs the result any more */
async function update(
  setUp: SetUp,
  context: Context,
  { arguments: rest, options }: Invocation,
  over: AbortSignal,
): Promise<void> {
  const typed = argumentsOf("up", options, rest);
  const args = context.interactive || asksNothing(typed) ? typed : [...typed, "--yes"];
  context.report.say(`swarm-farm ${context.stack} · configuration Pulumi.${context.stack}.yaml`);
  const early = askEarly(context, over);
  const config = await prepare(setUp, context, options.pull === true ? "pull" : "copy");
  await setUpEgress(context, config.network);
  const guard = { accepted: acceptedNodes(context, options) };
  const isAsked = asksForRefresh(args);
  const found = await lookAtVms(context, config, isAsked, early);
  const repairs = await refreshArguments(context, found, isAsked);
  const disks = () => diskFindings(context, planFarm(config, context.stack), over);
  // Advice only: what goes wrong meanwhile ends no update.
  const before = disks().catch(() => []);
  const { status, ran } = await runOnFarm(context, {
    command: "up",
    args: [...args, ...repairs, ...renewalsOf(context, found.renewals)],
    display: options.verbose === true || options.debug === true ? "pulumi" : "farm",
    guard,
    checkCapacity: () => setUp.capacity(context, config),
  });
  const after = ran ? disks() : before;
  const page = await finish(context, status, ran ? undefined : found).finally(async () => {
    // Also after a failure, which a full disk often explains.
    for (const { what } of await after) context.report.say(`warning: ${what}`);
  });
  for (const line of page) context.report.say(line);
}

function renewalsOf({ report }: Context, urns: readonly string[]): string[] {
  if (urns.length > 0) report.say("certificates that end within 30 days are renewed");
  return urns.flatMap((urn) => ["--replace", urn]);
}

/**
 * After an update: forwards URLs, waits until the services have converged, and prints the farm.
 *
 * @param found the farm as it was before, if nothing was updated
 */
async function finish(context: Context, status: number, found: Found | undefined): Promise<readonly string[]> {
  endWith(status);
  const outputs = found ? outputsIn(context, found.state) : await outputsOf(context);
  await startForwards(context, outputs);
  await waitForServices(context, outputs, found && swarmOf(found));
  return ["", ...farmPage(context, outputs, process.stdout.columns)];
}
