import type { CommandDefinition } from "../command-line/command";
import { asksNothing } from "../pulumi/arguments";
import { runOnFarm } from "../engine/engine";
import { argumentsOf, flagsOf, pulumiArguments } from "../pulumi/flags";
import { configurationOf, endWith, prepareHypervisor, type SetUp } from "./set-up";

/** `./farm refresh`. */
export function refresh(setUp: SetUp): CommandDefinition {
  return {
    name: "refresh",
    summary: "update the state from the real resources",
    description: "Changes Pulumi's state and nothing else. './farm up --refresh' also repairs.",
    arguments: pulumiArguments,
    options: flagsOf("refresh"),
    examples: [{ line: "./farm refresh --diff", what: "what was changed by hand" }],
    async run(context, { arguments: rest, options }) {
      const args = argumentsOf("refresh", options, rest);
      const asks = context.interactive && !asksNothing(args);
      const config = await configurationOf(setUp, context);
      await prepareHypervisor(setUp, context, config);
      const { status } = await runOnFarm(context, {
        command: "refresh",
        args: asks || asksNothing(args) ? args : [...args, "--yes"],
        // Pulumi's own display, since Pulumi asks for confirmation.
        display: "pulumi",
        checkCapacity: () => Promise.resolve(),
      });
      endWith(status);
    },
  };
}
