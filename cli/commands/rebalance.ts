import { shellQuote } from "../../infra/remote/shell";
import type { CommandDefinition } from "../command-line/command";
import { EndedWith, FarmError } from "../base/errors";
import { runningTask } from "../nodes/running-task";
import { onNode } from "../nodes/ssh";
import { writeSshFiles } from "../nodes/ssh-files";
import { attach } from "../process/run";

/** `./farm rebalance`: runs the steward's own program. */
export const rebalance: CommandDefinition = {
  name: "rebalance",
  summary: "spread the tasks of services over the nodes again, now",
  description:
    "Runs what the steward does by itself once nothing changed for 'steward.stabilizationSeconds': it starts one task more, waits until it is healthy, and lets Swarm remove one where there are most. Services with volumes are never moved. The configuration needs 'swarm-farm:steward: {}'.",
  arguments: [{ syntax: "[service...]", description: "services by their names in the swarm; default: all" }],
  options: [{ flags: "--dry-run", description: "only report what would move and why" }],
  examples: [
    { line: "./farm rebalance --dry-run", what: "what would move, and why" },
    { line: "./farm rebalance hello", what: "spread the tasks of one service" },
  ],
  async run(context, { arguments: services, options }) {
    await writeSshFiles(context);
    const task = await runningTask(context, "steward");
    if (!task)
      throw new FarmError(
        `no steward runs: add swarm-farm:steward: {} to Pulumi.${context.stack}.yaml, then ./farm up; if it is there: ./farm docker service ps steward`,
      );
    const args = [...services, ...(options.dryRun === true ? ["--dry-run"] : [])].map(shellQuote);
    const program = ["node", "/srv/steward.js", "rebalance", "--config", "/etc/steward.json", ...args].join(" ");
    const status = await attach(onNode(context, task.node, `docker exec ${shellQuote(task.container)} ${program}`));
    if (status !== 0) throw new EndedWith(status);
  },
};
