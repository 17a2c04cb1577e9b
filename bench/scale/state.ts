import { z } from "zod";
import { urnsBefore } from "../exported";
import { sum } from "../sum";

const Resource = z.object({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean(),
  provider: z.string().optional(),
  dependencies: z.array(z.string()).default([]),
});

const State = z.object({ checkpoint: z.object({ latest: z.object({ resources: z.array(Resource) }) }) });

/** A state file's resources, in the order in which they were created. */
export type Resources = readonly z.infer<typeof Resource>[];

/** @param text of the state file of a backend in a folder */
export function resourcesOf(text: string): Resources {
  return State.parse(JSON.parse(text)).checkpoint.latest.resources;
}

/** How many times a resource refers to one that has to be there before it. */
export function referencesIn(resources: Resources): number {
  return sum(resources.map(({ dependencies }) => dependencies.length));
}

/**
 * The number of resources in the longest chain in which each waits for the one before: with enough hands an update takes as many
 * steps, whatever the number of nodes.
 */
export function longestChain(resources: Resources): number {
  const lengths = new Map<string, number>();
  for (const resource of resources) {
    const before = urnsBefore(resource).map((each) => lengths.get(each) ?? 0);
    lengths.set(resource.urn, 1 + Math.max(0, ...before));
  }
  return Math.max(0, ...lengths.values());
}

/**
 * Services that were created before the last node was ready in the swarm: there is none in the right order.
 *
 * @throws Error if no node is in the swarm
 */
export function servicesBeforeNodes(resources: Resources): number {
  const lastReady = resources.findLastIndex(({ urn }) => urn.endsWith("-ready"));
  if (lastReady < 0) throw new Error("the state has no node that is ready");
  const isService = ({ type }: Resources[number]) => type === "docker:index/service:Service";
  return resources.slice(0, lastReady).filter(isService).length;
}
