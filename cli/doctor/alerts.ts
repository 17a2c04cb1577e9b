import { z } from "zod";
import { services } from "../../stacks/monitoring/services";
import { jsonOrNothing } from "../base/json";
import type { Farm } from "../nodes/ask";
import { askNodes } from "./ask-nodes";
import type { Finding } from "./diagnose";
import { scripts } from "./scripts";

const { name, port } = services.prometheus;

/** The service that evaluates the rules of alerts. */
export const alertsService = name;

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
  const script = scripts("task-page.sh", { SERVICE: name, PORT: port, PAGE: "/api/v1/alerts" });
  const answers = await askNodes(farm, nodes, script, (_, text) => Answer.safeParse(jsonOrNothing(text)).data);
  const [answer] = answers.filter((each) => each !== undefined);
  if (answer === undefined)
    return [
      {
        what: `${name} answers on no node: no alert can fire`,
        byHand: `./farm docker service ps --no-trunc ${name} says why`,
      },
    ];
  return answer.data.alerts
    .filter(({ state }) => state === "firing")
    .map(({ labels, annotations: { summary, action } }) => ({
      what: `alert ${labels.alertname}${summary === undefined ? "" : `: ${summary}`}`,
      byHand: action ?? "its rule says nothing about it",
    }));
}
