import type * as pulumi from "@pulumi/pulumi";
import type { Swarm } from "../swarm/swarm";

/**
 * The label of everything that Pulumi makes in the swarm: what it made without hearing of it, since the engine was killed
 * or the answer came too late, is found by it, and removed before the next update makes it again (setup/orphans.sh).
 */
export const mark = { label: "swarm-farm.made-by", value: "pulumi" } as const;

const marked: pulumi.ResourceTransformation = ({ props, opts }) => {
  const labels: unknown = props.labels;
  return { props: { ...props, labels: [...(Array.isArray(labels) ? (labels as unknown[]) : []), mark] }, opts };
};

/**
 * How everything is made that lives in the swarm's own state: through a manager, gone with the swarm without a call, and
 * made anew when the swarm had to be.
 *
 * @param after what has to be there first, besides the whole swarm. Default: nothing
 */
export function inSwarm(
  swarm: Swarm,
  parent: pulumi.Resource = swarm,
  after: readonly pulumi.Resource[] = [],
): pulumi.CustomResourceOptions & { readonly dependsOn: pulumi.Resource[] } {
  return {
    parent,
    provider: swarm.provider,
    dependsOn: [swarm.complete, ...after],
    deletedWith: swarm.goneWith,
    replacementTrigger: swarm.cluster,
    transformations: [marked],
    // What a service uses cannot be removed before the service uses another; the provider would have it the other way.
    deleteBeforeReplace: false,
  };
}
