import { createRequire } from "node:module";
import { defineStack, recipesIn, type RuleContext } from "../contract";
import { sharedExporter } from "../contract/exporter";
import { ports } from "./ports";
import { Steward } from "./schema";

const load = createRequire(__filename);

/** Rebalances and autoscales services, by metrics of Prometheus and an exporter. */
export const steward = defineStack({
  name: "steward",
  schema: Steward.optional(),
  images: {
    ...recipesIn(__dirname, "prometheus"),
    exporter: "apps/exporter/image",
    steward: "apps/steward/image",
  },
  plan: () => ({
    images: ["exporter", "prometheus", "steward"],
    scrape: [sharedExporter, { service: "steward", port: ports.steward }],
  }),
  rules: (config, context) => (config ? [] : policiesWithoutSteward(context)),
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});

function policiesWithoutSteward({ services }: RuleContext) {
  return Object.entries(services)
    .filter(([, { autoscale }]) => autoscale !== undefined)
    .map(([path]) => ({
      path: `${path}.autoscale`,
      message: "is followed by the steward, which is not deployed; add steward: {}",
    }));
}
