import { z } from "zod";
import { Name } from "../../infra/config/primitives";
import { Alerts } from "./alerts/schema";
import { Targets } from "./targets/schema";
import { Grafana } from "./grafana/schema";

/** The keys of `monitoring`. */
export const Monitoring = z
  .strictObject({
    node: Name.optional().describe(
      "The node that has Prometheus and its data; on another one it begins again without. Default: the first manager.",
    ),
    retentionDays: z.int().min(1).max(3650).default(15).describe("How long data is kept, at most."),
    diskMiB: z
      .int()
      .min(256)
      .max(1_048_576)
      .default(2048)
      .describe("Disk for data on that node: above it the oldest goes."),
    memoryMiB: z
      .int()
      .min(128)
      .max(65_536)
      .default(320)
      .describe("Memory that Prometheus may use; half of it is reserved."),
    scrapeSeconds: z
      .int()
      .min(10)
      .max(300)
      .default(30)
      .describe("Time between two scrapes of a target; alerts are evaluated as often."),
    targets: Targets,
    alerts: Alerts,
    grafana: Grafana.optional(),
  })
  .describe(
    "Prometheus with metrics of nodes, containers, services and routes, and alerts ([how](how-to/monitoring.md)). Default: not deployed.",
  );

export type MonitoringConfig = z.infer<typeof Monitoring>;
