import { z } from "zod";
import { ImageReference } from "./primitives";

// The descriptions are the documentation, see schema.ts.

/** How many tasks a service has: a number of them anywhere, or `global` for one on every node that it may run on. */
const Replicas = z.union([z.int().min(0).max(1000), z.literal("global")], {
  error: "must be a number of tasks from 0 to 1000, or global: one on every node",
});

const Cooldown = (seconds: number, what: string) => z.int().min(0).max(3600).default(seconds).describe(what);

/** How an autoscaler sets a service's replicas. */
export const Autoscale = z.strictObject({
  min: z.int().min(1).max(1000).describe("Tasks at the least."),
  max: z.int().min(1).max(1000).describe("Tasks at the most."),
  metric: z
    .enum(["cpu", "requests"])
    .describe(
      "`cpu`: CPUs in use by a task. `requests`: requests per second and task, as the load balancer counts them.",
    ),
  target: z
    .number()
    .min(0.001)
    .max(1_000_000)
    .describe("What one task is to bear of it, e.g. 0.5 CPUs or 20 requests."),
  upCooldownSeconds: Cooldown(30, "From one growth to the next."),
  downCooldownSeconds: Cooldown(180, "How long the load has to be low before there are fewer."),
});

/** What a node keeps free for each task. */
const Reservations = z.strictObject({
  cpus: z.number().min(0.001).max(64).optional().describe("CPUs, e.g. 0.5. Default: a small share."),
  memoryMiB: z.int().min(4).max(1_048_576).optional().describe("Memory. Default: a little."),
});

const counted = "How many tasks; `global`: one on every node that they may run on.";

/** A number of tasks. */
export const replicas = (count: number) => Replicas.default(count).describe(counted);

/** A number of tasks that follows from the farm. */
export const asManyAsNodes = Replicas.optional().describe(`${counted} Default: as many as nodes.`);

/** The keys besides `replicas` of every service that may have several tasks. */
export const serviceKeys = {
  reservations: Reservations.optional().describe(
    "What a node keeps free for each task: a task that no node has room for waits and says so, instead of doubling up. Limits grow with it. Default: small, see stacks/.",
  ),
  autoscale: Autoscale.optional().describe(
    "The number of tasks follows their load; `replicas` is the number it starts from. Default: it does not.",
  ),
};

/** The keys of such a service, parsed. */
export interface ServiceKeys {
  /** Default: follows from the farm. */
  readonly replicas?: number | "global" | undefined;
  readonly reservations?: z.infer<typeof Reservations> | undefined;
  readonly autoscale?: z.infer<typeof Autoscale> | undefined;
}

/** An image that replaces one of the farm's own. */
export const ownImage = (what: string) =>
  ImageReference.optional().describe(
    `An image instead of the farm's own ${what}, pinned to its digest when it is deployed.`,
  );
