import type { Alert } from "../../contract/entries";

/**
 * The rules of Prometheus for alerts, as a file.
 *
 * @param docsUrl in front of an alert's page. Default: `docs`
 */
export function rulesFile(alerts: readonly Alert[], docsUrl = "docs") {
  const base = docsUrl.replace(/\/$/, "");
  return {
    groups: [
      {
        name: "swarm-farm",
        rules: alerts.map(({ name, expression, forSeconds = 0, severity, summary, action, page }) => ({
          alert: name,
          expr: expression,
          for: `${String(forSeconds)}s`,
          labels: { severity },
          annotations: { summary, action, page: `${base}/${page}` },
        })),
      },
    ],
  };
}
