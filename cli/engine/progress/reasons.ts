import type { Context } from "../../context/context";
import { lacks } from "../../convergence/converged";
import { askSwarm } from "../../convergence/swarm";
import type { Reasons } from "./display";

/** Asks a manager why services have not converged. Resources with other names than their services get no reason. */
export function reasonsOf(farm: Pick<Context, "stack" | "folders">, ask: typeof askSwarm = askSwarm): Reasons {
  return async (services) => {
    const swarm = await ask(farm);
    const byResource = new Map(swarm.services.flatMap((each) => resourceNames(each.name).map((name) => [name, each])));
    return new Map(
      [...services].flatMap(([urn, name]): [string, string][] => {
        const service = byResource.get(name);
        const [reason] = service ? lacks(service) : [];
        return reason === undefined ? [] : [[urn, reason.replace(/^service \S+: /, "")]];
      }),
    );
  };
}

/** Resources that may be the service: most have its name, and a compose file's has its stack's in front. */
function resourceNames(service: string): string[] {
  return [`${service}-server`, `stack-${service.replace("_", "-")}`, service];
}
