import { shellQuote } from "../../../infra/remote/shell";
import type { Context } from "../../context";
import { ask } from "../../nodes/ask";
import { anyManager } from "../../nodes/ssh";
import type { Resource } from "../state";

type Farm = Pick<Context, "stack" | "folders" | "report">;

/** In the order in which they are removed: a service uses the others. */
const kinds = ["service", "config", "secret", "network"] as const;

/** A manager that is started again answers sooner. */
const managerSeconds = 150;

/** What Pulumi made in the swarm and knows of, as `KIND NAME`. */
export function knownInSwarm(state: readonly Resource[]): ReadonlySet<string> {
  return new Set(
    state.flatMap(({ type, inputs, outputs }) => {
      const [, kind] = /^docker:index\/(service|serviceConfig|secret|network):/.exec(type) ?? [];
      if (kind === undefined) return [];
      return [`${kind === "serviceConfig" ? "config" : kind} ${String(outputs.name ?? inputs.name)}`];
    }),
  );
}

/**
 * Removes what this Pulumi project made in the swarm for this Pulumi stack and did not record. Another program in the same swarm
 * has another project or stack in its label; what has no label stays. A swarm that does not answer is left alone.
 */
export async function sweepSwarm(farm: Farm, state: readonly Resource[]): Promise<void> {
  if (!state.some(({ urn }) => urn.endsWith("::swarm-docker"))) return;
  const known = knownInSwarm(state);
  const project = state[0]?.urn.split("::")[1] ?? "";
  const label = shellQuote(`label=swarm-farm.made-by=${project}/${farm.stack}`);
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
