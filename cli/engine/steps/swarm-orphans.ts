import { madeByLabel } from "../../../infra/service/made-by";
import { shellQuote } from "../../../infra/remote/shell";
import type { Context } from "../../context/context";
import { ask } from "../../nodes/ask";
import { anyManager } from "../../nodes/ssh";
import type { Resource } from "../../pulumi/state";
import { kinds, swarmNames } from "../../pulumi/swarm-objects";

type Farm = Pick<Context, "stack" | "folders" | "report">;

/** Longer than a manager takes to restart. */
const managerSeconds = 150;

/**
 * Removes objects in the swarm with the label of this Pulumi project and stack that are not in the state. Objects of other programs
 * have another label or none. Does nothing if the swarm does not answer.
 */
export async function sweepSwarm(farm: Farm, state: readonly Resource[]): Promise<void> {
  if (!state.some(({ urn }) => urn.endsWith("::swarm-docker"))) return;
  const known = swarmNames(state);
  const project = state[0]?.urn.split("::")[1] ?? "";
  const label = shellQuote(`label=${madeByLabel}=${project}/${farm.stack}`);
  for (const kind of kinds) {
    const { stdout } = await docker(farm, `docker ${kind} ls --filter ${label} --format '{{.Name}}'`);
    for (const name of stdout.split("\n").filter((each) => each !== "" && !known.has(`${kind} ${each}`))) {
      const { status } = await docker(farm, `docker ${kind} rm ${shellQuote(name)} >/dev/null`);
      if (status === 0) farm.report.say(`removed what an interrupted run left: ${kind} ${name}`);
    }
  }
}

async function docker(farm: Farm, command: string) {
  return ask(farm, anyManager, command, { timeoutSeconds: managerSeconds });
}
