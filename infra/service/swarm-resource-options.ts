import * as pulumi from "@pulumi/pulumi";
import type { Swarm } from "../swarm/swarm";

/**
 * The label of everything that Pulumi makes in the swarm, with the Pulumi project and stack as its value. A resource that
 * the engine did not record, since it was killed or the answer came too late, is found by it and removed before the next
 * update makes it again (setup/orphans.sh).
 */
export function mark(): { readonly label: string; readonly value: string } {
  return { label: "swarm-farm.made-by", value: `${pulumi.getProject()}/${pulumi.getStack()}` };
}

const marked: pulumi.ResourceTransformation = ({ props, opts }) => {
  const labels = props.labels as pulumi.Input<readonly pulumi.Input<object>[]> | undefined;
  // A plain list stays plain: an output would be unknown in a preview that could show it.
  const all = Array.isArray(labels)
    ? [...(labels as unknown[]), mark()]
    : pulumi.output(labels).apply((known) => [...(known ?? []), mark()]);
  return { props: { ...props, labels: labels === undefined ? [mark()] : all }, opts };
};

/**
 * How everything is made that lives in the swarm's own state: through a manager, gone with the swarm without a call, and
 * made again when the swarm is another one.
 *
 * @param after what has to be there first, besides the whole swarm. Default: nothing
 */
export function swarmResourceOptions(
  swarm: Swarm,
  parent: pulumi.Resource = swarm,
  after: readonly pulumi.Resource[] = [],
): pulumi.CustomResourceOptions & { readonly dependsOn: pulumi.Resource[] } {
  return {
    parent,
    provider: swarm.provider,
    dependsOn: [swarm.ready, ...after],
    deletedWith: swarm.deletedWith,
    replacementTrigger: swarm.clusterId,
    transformations: [marked],
    // The provider replaces a config, secret or network for another label: one of a farm whose label had another value
    // keeps it. Services change theirs in place and set their own list.
    ignoreChanges: ["labels"],
    // What a service uses cannot be removed before the service uses another; the provider would have it the other way.
    deleteBeforeReplace: false,
  };
}
