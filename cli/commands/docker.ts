import { shellQuote } from "../../infra/remote/shell";
import type { CommandDefinition } from "../command-line/command";
import { FarmError } from "../base/errors";
import { anyManager, onNode } from "../nodes/ssh";
import { nodesWithFiles, writeSshFiles } from "../nodes/ssh-files";
import { handOver } from "../process/hand-over";

/** `./farm docker`. */
export const docker: CommandDefinition = {
  name: "docker",
  summary: "the swarm's docker, on a manager that answers",
  arguments: [{ syntax: "[args...]", description: "docker's own; './farm docker help' lists them" }],
  passesOn: true,
  examples: [
    { line: "./farm docker node ls", what: "the nodes as the swarm has them" },
    { line: "./farm docker service logs -f hello", what: "what a service prints" },
  ],
  async run(context, { arguments: args }) {
    await writeSshFiles(context);
    if (nodesWithFiles(context).length === 0)
      throw new FarmError(`the farm '${context.stack}' is not there: ./farm up builds it`);
    await handOver(onNode(context, anyManager, ["docker", ...args].map(shellQuote).join(" ")));
  },
};
