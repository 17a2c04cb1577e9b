import { createHash } from "node:crypto";
import * as z from "zod";
import type { ActivityLine, Alert } from "../shared/model.ts";

/** More alerts at once are one trouble, and each viewer is sent all of them. */
const alertsAtMost = 50;
const lettersAtMost = 500;

const Text = z.string().transform((text) => text.slice(0, lettersAtMost));

const Answer = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        state: z.string(),
        activeAt: z.string().optional(),
        labels: z.record(z.string(), z.string()),
        annotations: z.object({ summary: Text.optional(), action: Text.optional() }),
      }),
    ),
  }),
});

/** The alerts that fire, critical ones first, then the oldest, of an answer of Prometheus' `/api/v1/alerts`. */
export function firingIn(answer: unknown): readonly Alert[] {
  return Answer.parse(answer)
    .data.alerts.filter(({ state }) => state === "firing")
    .map(({ activeAt, labels, annotations: { summary = "", action = "" } }): Alert => {
      const since = Date.parse(activeAt ?? "");
      return {
        id: idOf(labels),
        name: (labels.alertname ?? "").slice(0, lettersAtMost),
        level: labels.severity === "critical" ? "bad" : "warn",
        since: Number.isFinite(since) ? since : 0,
        summary,
        action,
      };
    })
    .sort((a, b) => (a.level === b.level ? a.since - b.since : a.level === "bad" ? -1 : 1))
    .slice(0, alertsAtMost);
}

/** A hash: labels may have any number of letters. */
function idOf(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("base64url");
}

/** Lines of the time line: alerts that fire since, and those that are over. */
export function alertLines(
  before: readonly Alert[],
  after: readonly Alert[],
  now: number,
): readonly Omit<ActivityLine, "id">[] {
  const line = ({ id, name, summary }: Alert, level: ActivityLine["level"], verb: string) => ({
    at: now,
    level,
    subject: { kind: "alert" as const, id, name },
    verb,
    ...(summary !== "" && { detail: summary }),
  });
  const isIn = (alerts: readonly Alert[]) => {
    const ids = new Set(alerts.map(({ id }) => id));
    return ({ id }: Alert) => ids.has(id);
  };
  const [was, is] = [isIn(before), isIn(after)];
  return [
    ...before.filter((alert) => !is(alert)).map((alert) => line(alert, "good", "is over")),
    ...after.filter((alert) => !was(alert)).map((alert) => line(alert, alert.level, "fires")),
  ];
}
