import type { CommandDefinition } from "../command-line/command";
import { FarmError } from "../base/errors";
import { onNode } from "../nodes/ssh";
import { nodesWithFiles, writeSshFiles } from "../nodes/ssh-files";
import { handOver } from "../process/hand-over";

/** `./farm ssh`. */
export const ssh: CommandDefinition = {
  name: "ssh",
  summary: "a shell on a node as root, or one command",
  description: "The command is for the node's shell, as with ssh: quote what this machine's shell must leave alone.",
  arguments: [
    { syntax: "<node>", description: "a node's name" },
    { syntax: "[command...]", description: "for the node's shell; none: an interactive shell" },
  ],
  passesOn: true,
  examples: [
    { line: "./farm ssh worker1", what: "a shell" },
    { line: "./farm ssh worker1 'journalctl -u docker | tail'", what: "one command" },
  ],
  async run(context, { arguments: [node = "", ...command] }) {
    await writeSshFiles(context);
    const nodes = nodesWithFiles(context);
    if (!nodes.includes(node))
      throw new FarmError(`there is no node '${node}'; there are: ${nodes.join(", ") || "none, ./farm up makes them"}`);
    await handOver(onNode(context, node, ...command));
  },
};
