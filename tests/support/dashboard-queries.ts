import { z } from "zod";

/** The parts of a dashboard from which Grafana asks Prometheus. */
const Dashboard = z.object({
  title: z.string(),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), type: z.string(), definition: z.string().optional() })),
  }),
  panels: z.array(
    z.object({
      title: z.string(),
      targets: z.array(z.object({ expr: z.string().min(1), legendFormat: z.string() })),
    }),
  ),
});

/** The query of a panel, with variables. */
export interface PanelQuery {
  /** Dashboard and panel. */
  readonly at: string;
  readonly expression: string;
  /** Labels of results that their names show. */
  readonly labels: readonly string[];
}

/** Every query of dashboards, as in their JSON. */
export function queriesOf(dashboards: Readonly<Record<string, unknown>>): PanelQuery[] {
  return read(dashboards).flatMap(({ title, panels }) =>
    panels.flatMap((panel) =>
      panel.targets.map(({ expr, legendFormat }) => ({
        at: `${title}: ${panel.title}`,
        expression: expr,
        labels: [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label),
      })),
    ),
  );
}

/** Where the values of variables come from, by the variables' names. */
export function variablesOf(
  dashboards: Readonly<Record<string, unknown>>,
): Record<string, { readonly metric: string; readonly label: string }> {
  const all = read(dashboards).flatMap(({ templating }) => templating.list.filter(({ type }) => type === "query"));
  return Object.fromEntries(
    all.map(({ name, definition }) => {
      const [, metric = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(definition ?? "") ?? [];
      return [name, { metric, label }];
    }),
  );
}

function read(dashboards: Readonly<Record<string, unknown>>) {
  return Object.values(dashboards).map((each) => Dashboard.parse(JSON.parse(JSON.stringify(each))));
}

/** A query with values in place of its variables, as Grafana puts them in; a name that it does not know stays. */
export function filledIn(expression: string, values: Readonly<Record<string, string>>): string {
  // Four scrapes of 30 s.
  const all: Readonly<Record<string, string>> = { __rate_interval: "2m", ...values };
  return expression.replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (text, short?: string, long?: string) => {
    return all[short ?? long ?? ""] ?? text;
  });
}

const keywords = ["and", "or", "unless", "bool", "offset"];

/** The metrics that a query names: its result does not tell whether all are there, since `or` goes on without. */
export function metricsIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, "")
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, "")
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right) \([^)]*\)/g, "");
  const names = [...bare.matchAll(/\b[a-zA-Z_:][\w:]*\b(?!\s*\()/g)].map(([name]) => name);
  return [...new Set(names)].filter((name) => !keywords.includes(name));
}

/** An answer of Prometheus to an instant query. */
export const Answer = z.object({ data: z.object({ result: z.array(z.unknown()) }) });

/**
 * The queries that have no data, and those that name a metric that is not there.
 *
 * @param resultsOf how many results Prometheus has for an expression
 */
export async function withoutData(
  queries: readonly Pick<PanelQuery, "at" | "expression">[],
  values: Readonly<Record<string, string>>,
  resultsOf: (expression: string) => Promise<number>,
): Promise<string[]> {
  const missing: string[] = [];
  for (const { at, expression } of queries) {
    const filled = filledIn(expression, values);
    if ((await resultsOf(filled)) === 0) missing.push(`${at}: no data: ${filled}`);
    for (const metric of metricsIn(filled))
      // A metric of alerts is there while one fires.
      if ((await resultsOf(`last_over_time(${metric}[1h])`)) === 0) missing.push(`${at}: no metric: ${metric}`);
  }
  return missing;
}
