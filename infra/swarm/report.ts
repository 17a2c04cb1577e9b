import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { FarmNode } from "../libvirt/farm";
import { remoteCommand } from "../remote/command";
import { differences, parsePatchLevel, type PatchLevel } from "./patch-level";
import { scripts } from "./scripts";
import type { RegistryAccess } from "./target";

interface TrustArgs {
  readonly node: FarmNode;
  /** Created when the node's Docker answers. */
  readonly booted: pulumi.Resource;
  readonly registries: readonly RegistryAccess[];
  /** CA certificates in PEM. Default: those of the guest image. */
  readonly authority?: pulumi.Input<string>;
}

/** Lets a node trust and find the registries, once its Docker answers; prints the node's patch level. */
export function trustRegistries(
  name: string,
  { node, booted, registries, authority }: TrustArgs,
  parent: pulumi.Resource,
): command.remote.Command {
  const addresses = registries.map(({ address, ip }) => (ip === undefined ? address : `${address}=${ip}`));
  const create = scripts("report.sh", { REGISTRIES: addresses.join(" ") });
  return remoteCommand(
    `${name}-report`,
    { on: node.access, create, stdin: authority, triggers: [node.vm.domain.id] },
    { parent, dependsOn: booted, deletedWith: node.vm.domain },
  );
}

/** The patch level of each node by name; an error if nodes of one image differ. */
export function patchLevelsOf(
  nodes: readonly { readonly node: FarmNode; readonly report: command.remote.Command }[],
): pulumi.Output<Record<string, PatchLevel>> {
  const images = Object.fromEntries(nodes.map(({ node: { plan, image } }) => [plan.name, image]));
  return pulumi
    .all(Object.fromEntries(nodes.map(({ node, report }) => [node.plan.name, report.stdout])))
    .apply((reports) => {
      const levels = Object.fromEntries(Object.entries(reports).map(([node, text]) => [node, parsePatchLevel(text)]));
      const problem = differences(levels, images);
      if (problem) throw new pulumi.RunError(problem);
      return levels;
    });
}
