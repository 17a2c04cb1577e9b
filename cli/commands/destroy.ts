import { existsSync } from "node:fs";
import type { CommandDefinition } from "../command-line/command";
import { FarmError } from "../base/errors";
import { cleanUpIfEmpty } from "../hypervisor/clean-up";
import { startHypervisor } from "../hypervisor/set-up";
import { asksNothing } from "../pulumi/arguments";
import { runOnFarm } from "../engine/engine";
import { argumentsOf, flagsOf, pulumiArguments } from "../pulumi/flags";
import { endWith } from "./set-up";

/** `./farm destroy`. */
export const destroy: CommandDefinition = {
  name: "destroy",
  summary: "remove the farm: nothing is left",
  description: "Shows what it deletes and asks. Backups and caches stay.",
  arguments: pulumiArguments,
  options: [...flagsOf("destroy"), { flags: "--verbose", description: "show the deletion in Pulumi's own display" }],
  interrupted: "./farm destroy goes on where it stopped",
  examples: [{ line: "./farm destroy --yes", what: "without a question" }],
  async run(context, { arguments: rest, options }) {
    const { state } = context.folders;
    if (!existsSync(state)) throw new FarmError(`there is no farm '${context.stack}' here (${state})`);
    const typed = argumentsOf("destroy", options, rest);
    const asks = context.interactive && !asksNothing(typed);
    const args = asks || asksNothing(typed) ? typed : [...typed, "--yes"];
    await startHypervisor(context);
    const { status } = await runOnFarm(context, {
      command: "destroy",
      args,
      // On a terminal Pulumi shows its plan and asks.
      display: asks || options.verbose === true || options.debug === true ? "pulumi" : "farm",
      checkCapacity: () => Promise.resolve(),
    });
    endWith(status);
    await cleanUpIfEmpty(context);
  },
};
