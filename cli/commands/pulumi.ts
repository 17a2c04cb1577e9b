import type { CommandDefinition } from "../command-line/command";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { cleanUpIfEmpty } from "../hypervisor/clean-up";
import { setUpEgress } from "../hypervisor/egress";
import { startForwards } from "../hypervisor/forwards";
import { startHypervisor } from "../hypervisor/set-up";
import { runOnFarm } from "../engine/engine";
import { outputsOf } from "../pulumi/outputs";
import { configurationOf, endWith, type SetUp } from "./set-up";

const updates: readonly string[] = ["up", "update"];
const checked: readonly string[] = [...updates, "preview", "refresh"];
const deletions: readonly string[] = ["destroy", "down"];

/** `./farm pulumi`; the shim `pulumi` of `./farm env` runs it too. */
export function pulumi(setUp: SetUp): CommandDefinition {
  return {
    name: "pulumi",
    summary: "plain Pulumi, where the hypervisor is",
    description: "With Pulumi's own display, questions and exit status.",
    arguments: [{ syntax: "[args...]", description: "arguments of Pulumi" }],
    passesOn: true,
    examples: [
      { line: "./farm pulumi stack output", what: "the outputs as Pulumi shows them" },
      { line: "./farm pulumi up --target URN", what: "update one resource" },
    ],
    async run(context, { arguments: args }) {
      const [command = "", ...rest] = args;
      // A farm with an invalid configuration can be destroyed.
      const config = checked.includes(command) ? await configurationOf(setUp, context) : undefined;
      await startHypervisor(context);
      if (config && updates.includes(command)) await setUpEgress(context, config.network);
      const { status } = await runOnFarm(context, {
        command,
        args: rest,
        display: "pulumi",
        checkCapacity: async () => setUp.capacity(context, await configurationOf(setUp, context)),
      });
      endWith(status);
      if (updates.includes(command)) await forwardIfComplete(context);
      if (deletions.includes(command)) await cleanUpIfEmpty(context);
    },
  };
}

/** An update of some resources leaves a farm without URLs. */
async function forwardIfComplete(context: Context): Promise<void> {
  try {
    await startForwards(context, await outputsOf(context));
  } catch (error) {
    if (!(error instanceof FarmError)) throw error;
  }
}
