import * as pulumi from "@pulumi/pulumi";
import type { SwarmTarget } from "../swarm/target";
import { madeByLabel } from "./made-by";

/**
 * The label of everything that Pulumi makes in the swarm, with the program's own Pulumi project and stack as its value. A
 * resource that the engine did not record, since it was killed or the answer came too late, is found by it and removed before
 * the next `./farm up` makes it again (cli/engine/steps/swarm-orphans.ts); what other programs make there stays.
 */
export function mark(): { readonly label: string; readonly value: string } {
  return { label: madeByLabel, value: `${pulumi.getProject()}/${pulumi.getStack()}` };
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
 * Options of everything in the swarm's own state: made through a manager, gone with the swarm without a call, and made again
 * when the swarm is another one.
 *
 * @param opts options of the resource, over these; its dependencies come besides the whole swarm
 */
export function swarmResourceOptions(
  swarm: SwarmTarget,
  opts: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  // Merged, a provider and another one would be two.
  const { provider = swarm.provider, ...others } = opts;
  const base: pulumi.CustomResourceOptions = {
    dependsOn: [swarm.ready],
    ...(swarm.deletedWith === undefined ? {} : { deletedWith: swarm.deletedWith }),
    replacementTrigger: swarm.clusterId,
    transformations: [marked],
    // The provider replaces a config, secret or network for another label: one of a farm whose label had another value
    // keeps it. Services change theirs in place and set their own list.
    ignoreChanges: ["labels"],
    // What a service uses cannot be removed before the service uses another; the provider would have it the other way.
    deleteBeforeReplace: false,
  };
  return { ...pulumi.mergeOptions(base, others), provider };
}
