import { z } from "zod";
import { ImageReference, Name } from "../../../infra/config/primitives";

/** The keys of `monitoring.grafana`. */
export const Grafana = z
  .strictObject({
    image: ImageReference.describe("Grafana's image with a version, e.g. `grafana/grafana:12.1.0`; `up` copies it."),
    node: Name.optional().describe(
      "The node that has Grafana's data: users, and dashboards that they made. Default: that of Prometheus.",
    ),
    memoryMiB: z
      .int()
      .min(128)
      .max(65_536)
      .default(512)
      .describe("Memory that Grafana may use; half of it is reserved."),
  })
  .describe(
    "Grafana with dashboards of the farm, at the route `grafana` ([how](how-to/monitoring.md#grafana)). Default: not deployed.",
  );

export type GrafanaConfig = z.infer<typeof Grafana>;
