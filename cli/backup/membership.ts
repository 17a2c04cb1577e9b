import { z } from "zod";
import { nameOf } from "../pulumi/state";

/** The part of `pulumi stack export` that changes; the rest is kept. */
const Resource = z.looseObject({
  urn: z.string(),
  id: z.string().optional(),
  inputs: z.looseObject({ triggers: z.array(z.unknown()).optional() }).optional(),
  outputs: z.looseObject({ triggers: z.array(z.unknown()).optional() }).optional(),
});
const Export = z.looseObject({ deployment: z.looseObject({ resources: z.array(Resource).nullish() }) });

/**
 * Records init and join of a restored manager as done on its new VM. The VM's id triggers them, so Pulumi would run them again:
 * every node would leave and join, and the only manager cannot leave. The restored state has both already.
 *
 * @param text what `pulumi stack export` prints, once the new VM is in it
 * @param node the manager
 * @returns the state to import, or undefined where nothing changes
 */
export function keepMembership(text: string, node: string): string | undefined {
  const exported = Export.parse(JSON.parse(text));
  const resources = exported.deployment.resources ?? [];
  const find = (name: string) => resources.find(({ urn }) => nameOf(urn) === name);
  const old = find(`${node}-join`)?.inputs?.triggers?.[0];
  const created = find(`${node}-domain`)?.id;
  if (old === undefined || created === undefined || old === created) return undefined;
  const changed = resources.map((resource) => {
    if (!["swarm-init", `${node}-join`].includes(nameOf(resource.urn))) return resource;
    const replaced = <T extends { triggers?: unknown[] | undefined }>(side: T): T =>
      side.triggers ? { ...side, triggers: side.triggers.map((each) => (each === old ? created : each)) } : side;
    return {
      ...resource,
      ...(resource.inputs && { inputs: replaced(resource.inputs) }),
      ...(resource.outputs && { outputs: replaced(resource.outputs) }),
    };
  });
  return JSON.stringify({ ...exported, deployment: { ...exported.deployment, resources: changed } });
}
