import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stacks } from "../../stacks/index";
import { dashboards as dashboardsOf } from "../../stacks/monitoring/grafana/dashboards/index";
import { measuredBy } from "../../stacks/monitoring/grafana/dashboards/measured";
import { plansOf } from "../../stacks/plans";
import { FarmError } from "../base/errors";
import { print } from "../base/print";
import type { CommandDefinition } from "../command-line/command";
import { loadConfiguration } from "../context/configuration";
import { decryptedConfiguration } from "../setup/check/configuration";

/** `./farm dashboards`. */
export const dashboards: CommandDefinition = {
  name: "dashboards",
  summary: "the farm's dashboards, for a Grafana elsewhere",
  description:
    "As Grafana imports them, with panels about what the configuration measures. The farm itself is not asked. Grafana's data source is " +
    "the URL of the route 'monitoring', of the type Prometheus, with the login of './farm secret admin'; each dashboard has a list to choose it from.",
  arguments: [{ syntax: "[folder]", description: "a folder for a file of each; default: all are printed, by name" }],
  examples: [
    { line: "./farm dashboards dashboards", what: "writes dashboards/swarm-farm-node.json and the others" },
    { line: "./farm dashboards | jq .node", what: "one of them" },
  ],
  async run(context, { arguments: [folder] }) {
    const config = loadConfiguration(context) ?? (await decryptedConfiguration(context));
    if (!config.monitoring)
      throw new FarmError(
        `the farm measures nothing: add swarm-farm:monitoring: {} to Pulumi.${context.stack}.yaml, then ./farm up`,
      );
    const all = dashboardsOf(measuredBy(plansOf(stacks, { ...config }), config.monitoring.scrapeSeconds));
    if (folder === undefined) print(JSON.stringify(all, undefined, 2));
    else writeAll(folder, Object.values(all)).forEach(print);
  },
};

/** Writes a file for each, over one that is there, and returns their paths. */
function writeAll(folder: string, all: readonly { readonly uid: string }[]): string[] {
  try {
    mkdirSync(folder, { recursive: true });
    return all.map((dashboard) => {
      const file = join(folder, `${dashboard.uid}.json`);
      writeFileSync(file, `${JSON.stringify(dashboard, undefined, 2)}\n`);
      return file;
    });
  } catch (error) {
    throw new FarmError(
      `the dashboards cannot be written to '${folder}': ${(error as Error).message}; name another folder`,
    );
  }
}
