import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rulesFile } from "../../stacks/monitoring/alerts/rules-file";
import type { Alert } from "../../stacks/contract/entries";
import { promtool } from "./prometheus";

/** Samples that an alert fires on. */
export interface AlertCase {
  /** Samples by series, a minute each, as promtool writes them. */
  readonly series: Readonly<Record<string, string>>;
  /** When it must fire. */
  readonly minutes: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The same where it must not fire at that time. */
  readonly quiet: Readonly<Record<string, string>>;
}

/** Another test names an alert without a case. */
const missing: AlertCase = { series: {}, quiet: {}, minutes: 0, summary: "" };

/** The same sample several times. */
export const of = (count: number, value: string) => `${value}x${String(count)}`;

/** Series as a test of promtool has them. */
export const seriesOf = (series: AlertCase["series"]) =>
  Object.entries(series).map(([name, values]) => ({ series: name, values }));

/** Fails unless promtool says that each alert fires on its case, with its text and labels, and stays quiet on what is nearly the same. */
export function expectAlerts(alerts: readonly Alert[], cases: Readonly<Record<string, AlertCase>>): void {
  const tests = alerts.flatMap(({ name, severity, action, page }) => {
    const { series, quiet, minutes, labels = {}, summary } = cases[name] ?? missing;
    const filled = action.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? "");
    const fires = {
      exp_labels: { severity, ...labels },
      exp_annotations: { summary, action: filled, page: `docs/${page}` },
    };
    const at = { eval_time: `${String(minutes)}m`, alertname: name };
    return [
      { name, interval: "1m", input_series: seriesOf(series), alert_rule_test: [{ ...at, exp_alerts: [fires] }] },
      {
        name: `${name}, quiet`,
        interval: "1m",
        input_series: seriesOf(quiet),
        alert_rule_test: [{ ...at, exp_alerts: [] }],
      },
    ];
  });
  expectPassing(alerts, tests);
}

/** Fails unless tests of promtool pass with the rules of these alerts. */
export function expectPassing(alerts: readonly Alert[], tests: readonly object[]): void {
  const folder = mkdtempSync(join(tmpdir(), "alerts-"));
  try {
    writeFileSync(join(folder, "rules.yml"), JSON.stringify(rulesFile(alerts)));
    const text = JSON.stringify({ rule_files: ["rules.yml"], evaluation_interval: "1m", tests });
    writeFileSync(join(folder, "tests.yml"), text);
    const options = { cwd: folder, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(promtool ?? "", ["test", "rules", "tests.yml"], options);
    expect(`${stdout}${stderr}`.trim().split("\n")).toEqual(["Unit Testing:  tests.yml", "  SUCCESS"]);
    expect(status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
