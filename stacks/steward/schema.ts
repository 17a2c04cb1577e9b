import { z } from "zod";

/** The keys of `steward`. */
export const Steward = z
  .strictObject({
    rebalance: z
      .boolean()
      .default(true)
      .describe("Whether tasks are spread again when a node has come back; Swarm itself moves nothing."),
    stabilizationSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .default(60)
      .describe("How long nothing must have changed before tasks are moved.")
      .meta({ formerly: "quietSeconds" }),
  })
  .describe(
    "What Swarm leaves to people: it spreads tasks again, and scales services that have a policy. With it come Prometheus and an exporter on every node. Default: not deployed.",
  );

export type StewardConfig = z.infer<typeof Steward>;
