import { z } from "zod";
import { ImageReference } from "./primitives";

// The descriptions are the documentation, as in schema.ts.

/** A service's replicas: a number, or `global` for one task on every node that it may run on. */
const Replicas = z.union([z.int().min(0).max(1000), z.literal("global")], {
  error: "must be a number of tasks from 0 to 1000, or global: one on every node",
});

const Cooldown = (seconds: number, what: string) => z.int().min(0).max(3600).default(seconds).describe(what);

/** How an autoscaler sets a service's replicas. */
export const Autoscale = z.strictObject({
  min: z.int().min(1).max(1000).describe("The fewest tasks."),
  max: z.int().min(1).max(1000).describe("The most tasks."),
  metric: z
    .enum(["cpu", "requests"])
    .describe(
      "`cpu`: CPUs in use by a task. `requests`: requests per second and task, as the load balancer counts them.",
    ),
  target: z.number().min(0.001).max(1_000_000).describe("Target load of one task, e.g. 0.5 CPUs or 20 requests."),
  upCooldownSeconds: Cooldown(30, "Time between two increases."),
  downCooldownSeconds: Cooldown(180, "How long the load must be low before replicas are removed."),
});

/** Resources that Swarm reserves on a node for each task. */
const Reservations = z.strictObject({
  cpus: z.number().min(0.001).max(64).optional().describe("CPUs, e.g. 0.5. Default: a small share."),
  memoryMiB: z.int().min(4).max(1_048_576).optional().describe("Memory. Default: a small amount."),
});

const counted = "The number of tasks, or `global`: one on every eligible node.";

/** Replicas with a default. */
export const replicas = (count: number) => Replicas.default(count).describe(counted);

/** Replicas whose default is the number of nodes. */
export const asManyAsNodes = Replicas.optional().describe(`${counted} Default: the number of nodes.`);

/** The keys besides `replicas` of every service that may have several tasks. */
export const serviceKeys = {
  reservations: Reservations.optional().describe(
    "What Swarm reserves on a node for each task; a task without a suitable node stays pending. Limits grow with it. Default: small, see stacks/.",
  ),
  autoscale: Autoscale.optional().describe(
    "Sets the number of tasks by their load, beginning with `replicas`. Default: the number stays.",
  ),
};

/** These keys, parsed. */
export interface ServiceKeys {
  /** Default: the number of nodes. */
  readonly replicas?: number | "global" | undefined;
  readonly reservations?: z.infer<typeof Reservations> | undefined;
  readonly autoscale?: z.infer<typeof Autoscale> | undefined;
}

/** The key for an image that replaces one of the farm's own. */
export const ownImage = (what: string) =>
  ImageReference.optional().describe(
    `An image instead of the farm's own ${what}, copied and pinned to its digest by 'up'.`,
  );
