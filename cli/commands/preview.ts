import type { CommandDefinition } from "../command-line/command";
import type { Context } from "../context/context";
import { dataLossStatus } from "../data-loss/guard";
import { markdownPath, withMarkdown } from "../preview/markdown-file";
import { runOnFarm } from "../engine/engine";
import { argumentsOf, flagsOf, pulumiArguments } from "../pulumi/flags";
import { acceptDataLoss, acceptedNodes, endWith, prepare, type SetUp } from "./set-up";

/** `./farm preview`: the changes of `up`, and the data that they delete. */
export function preview(setUp: SetUp): CommandDefinition {
  return {
    name: "preview",
    summary: "show what 'up' would change",
    description: "Changes nothing. Names the data on disks that 'up' would delete.",
    arguments: pulumiArguments,
    options: [
      ...flagsOf("preview"),
      acceptDataLoss,
      { flags: "--markdown <file>", description: "also write it in Markdown, for a pull request" },
    ],
    examples: [{ line: "./farm preview --markdown preview.md", what: "for a comment on a pull request" }],
    async run(context, { arguments: rest, options }) {
      const args = argumentsOf("preview", options, rest);
      const status =
        typeof options.markdown === "string"
          ? await withMarkdown(context, markdownPath(options.markdown), (events, onErrors) =>
              shown(setUp, context, [...args, "--event-log", events], options, onErrors),
            )
          : await shown(setUp, context, args, options);
      endWith(status);
    },
  };
}

async function shown(
  setUp: SetUp,
  context: Context,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
  onErrors?: (text: string) => void,
): Promise<number> {
  await prepare(setUp, context, "report");
  const { status } = await runOnFarm(context, {
    command: "preview",
    args,
    display: "pulumi",
    guard: { accepted: acceptedNodes(context, options), ...(onErrors && { onErrors }) },
    checkCapacity: () => Promise.resolve(),
  });
  return status === dataLossStatus ? 0 : status;
}
