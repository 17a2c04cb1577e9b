import * as pulumi from "@pulumi/pulumi";
import type { SwarmTarget } from "../swarm/target";
import { madeByLabel } from "./made-by";

/**
 * The label of everything that this program creates in the swarm; its value is the Pulumi project and stack. `./farm up` removes
 * resources with this label that are not in the state, which an interrupted run leaves (cli/engine/steps/swarm-orphans.ts), and
 * leaves those of other programs alone.
 */
export function mark(): { readonly label: string; readonly value: string } {
  return { label: madeByLabel, value: `${pulumi.getProject()}/${pulumi.getStack()}` };
}

const marked: pulumi.ResourceTransformation = ({ props, opts }) => {
  const labels = props.labels as pulumi.Input<readonly pulumi.Input<object>[]> | undefined;
  // Not an output, which a preview could not show.
  const all = Array.isArray(labels)
    ? [...(labels as unknown[]), mark()]
    : pulumi.output(labels).apply((known) => [...(known ?? []), mark()]);
  return { props: { ...props, labels: labels === undefined ? [mark()] : all }, opts };
};

/**
 * Options of all resources in the swarm's state: they are created through a manager, not deleted one by one when the swarm is
 * deleted, and created again in another swarm.
 *
 * @param opts options of the resource, which override these; its dependencies are added to the swarm
 */
export function swarmResourceOptions(
  swarm: SwarmTarget,
  opts: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  // pulumi.mergeOptions would make a list of two providers.
  const { provider = swarm.provider, ...others } = opts;
  const base: pulumi.CustomResourceOptions = {
    dependsOn: [swarm.ready],
    ...(swarm.deletedWith === undefined ? {} : { deletedWith: swarm.deletedWith }),
    replacementTrigger: swarm.clusterId,
    transformations: [marked],
    // For another label the provider replaces a config, secret or network, so those of earlier versions keep theirs.
    // Services change labels in place and set their own list.
    ignoreChanges: ["labels"],
    // Swarm deletes nothing that a service uses; the provider would delete first.
    deleteBeforeReplace: false,
  };
  return { ...pulumi.mergeOptions(base, others), provider };
}
