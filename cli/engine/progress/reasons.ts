import type { Context } from "../../context/context";
import { lacks } from "../../gate/rest";
import { askSwarm } from "../../gate/swarm";
import type { Reasons } from "./display";

/** Asks a manager why services have not converged. Resources with other names than their services get no reason. */
export function reasonsOf(farm: Pick<Context, "stack" | "folders">, ask: typeof askSwarm = askSwarm): Reasons {
  return async (services) => {
    const swarm = await ask(farm);
    const byName = new Map(swarm.services.map((service) => [service.name, service]));
    return new Map(
      [...services].flatMap(([urn, name]): [string, string][] => {
        // `loadbalancer-server` is the resource of the service `loadbalancer`.
        const service = byName.get(name) ?? byName.get(name.replace(/-server$/, ""));
        const [reason] = service ? lacks(service) : [];
        return reason === undefined ? [] : [[urn, reason.replace(/^service \S+: /, "")]];
      }),
    );
  };
}
