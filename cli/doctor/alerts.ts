import { z } from "zod";
import { services } from "../../stacks/monitoring/services";
import type { Farm } from "../nodes/ask";
import type { Finding } from "./diagnose";
import { taskPageFindings } from "./task-page";

/** The service that evaluates the rules of alerts. */
export const alertsService = services.prometheus.name;

/** An answer of Prometheus. */
const Answer = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        state: z.string(),
        labels: z.object({ alertname: z.string() }),
        annotations: z.object({ summary: z.string().optional(), action: z.string().optional() }),
      }),
    ),
  }),
});

/** Alerts that fire; or Prometheus itself, if it answers on no node. */
export async function alertFindings(farm: Farm, nodes: readonly string[]): Promise<Finding[]> {
  const page = {
    of: services.prometheus,
    page: "/api/v1/alerts",
    shape: Answer,
    without: "no alert can fire",
  };
  return taskPageFindings(farm, nodes, page, ({ data }) =>
    data.alerts
      .filter(({ state }) => state === "firing")
      .map(({ labels, annotations: { summary, action } }) => ({
        what: `alert ${labels.alertname}${summary === undefined ? "" : `: ${summary}`}`,
        byHand: action ?? "its rule says nothing about it",
      })),
  );
}
