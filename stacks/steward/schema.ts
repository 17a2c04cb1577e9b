import { z } from "zod";

/** The keys of `steward`. */
export const Steward = z
  .strictObject({
    rebalance: z
      .boolean()
      .default(true)
      .describe("Whether it moves tasks to a node that returns; Swarm itself moves none."),
    stabilizationSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .default(60)
      .describe("How long tasks and nodes must not have changed before it moves tasks.")
      .meta({ formerly: "quietSeconds" }),
  })
  .describe(
    "Rebalances tasks, and scales services that have a policy; with Prometheus, and an exporter on every node. Default: not deployed.",
  );

export type StewardConfig = z.infer<typeof Steward>;
