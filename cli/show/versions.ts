import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context";
import { manifest } from "../base/manifest";
import { run, type Argv } from "../process/run";

/** A program's name, and its version or why it is missing. */
type Version = readonly [name: string, version: string];

/** How long a program may take to print its version. */
const limit = 10;

/** The versions of the programs that `./farm` uses on this machine; missing ones are reported as such. */
export async function versions(context: Pick<Context, "repository" | "environment">): Promise<readonly Version[]> {
  const { repository, environment } = context;
  const first = async (...argv: Argv) => {
    const { status, stdout } = await run(argv, { cwd: repository, env: environment, timeoutSeconds: limit });
    return status === 0 ? (stdout.trim().split("\n")[0] ?? "") : undefined;
  };
  const commit = await first("git", "describe", "--always", "--dirty", "--abbrev=12");
  return [
    ["swarm-farm", commit === undefined ? manifest.version : `${manifest.version} (commit ${commit})`],
    ["node", process.version],
    ["pulumi", (await first("pulumi", "version")) ?? "not installed: ./farm setup installs it"],
    ...plugins(environment.PULUMI_HOME ?? ""),
  ];
}

/** Pulumi's plugins, by the names of their folders: `resource-docker-v5.2.0`. */
function plugins(home: string): readonly Version[] {
  const folder = join(home, "plugins");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [, plugin, version] = /^(?:resource-)?(.+)-v(\d+\.\d+\.\d+(?:-[^.]+)?)$/.exec(name) ?? [];
      return plugin === undefined || version === undefined ? [] : [[`plugin ${plugin}`, `v${version}`] as const];
    });
}
