import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandDefinition } from "../command-line/command";
import { FarmError } from "../base/errors";
import { print } from "../base/print";

/** Shells that have a completion script. */
export const shells = ["bash", "zsh", "fish"] as const;

/** `./farm completion`. The bootstrap script `farm` prints the scripts itself; this runs with cli/main.ts alone. */
export const completion: CommandDefinition = {
  name: "completion",
  summary: "a script for your shell that completes commands, flags, stacks and nodes",
  arguments: [{ syntax: "<shell>", description: shells.join(", "), words: shells }],
  examples: [
    { line: 'eval "$(./farm completion bash)"', what: "in ~/.bashrc, with the path of your clone; zsh alike" },
    { line: "./farm completion fish | source", what: "in ~/.config/fish/config.fish" },
  ],
  run({ repository }, { arguments: [shell = ""] }) {
    if (!(shells as readonly string[]).includes(shell))
      throw new FarmError(`there is no completion for '${shell}'; there is for ${shells.join(", ")}`);
    print(readFileSync(join(repository, "cli", "completion", `farm.${shell}`), "utf8"));
    return Promise.resolve();
  },
};
