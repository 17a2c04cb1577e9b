import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Context } from "../../context/context";
import { versions } from "../tools/versions";

type Machine = Pick<Context, "environment" | "folders">;

/** The farm's CLI, used if the machine has none or an old one. */
export function pulumiFolder({ folders }: Pick<Machine, "folders">): string {
  return join(folders.cache, `pulumi-${versions.pulumi}`);
}

/** The farm's own Pulumi home, so that other projects do not get plugins that were built here. */
export function ownPulumiHome({ folders }: Pick<Machine, "folders">): string {
  return join(folders.cache, "pulumi-home");
}

/** The Pulumi home with the plugins: PULUMI_HOME, else the farm's own. */
export function pulumiHome(machine: Machine): string {
  return machine.environment.PULUMI_HOME ?? ownPulumiHome(machine);
}

/** The folder of a resource plugin in Pulumi's home. */
export function pluginFolder(machine: Machine, name: string, version: string): string {
  return join(pulumiHome(machine), "plugins", `resource-${name}-v${version}`);
}

/** The file in the folder of a plugin or a provider with the hash of the sources that it was built from. */
export const builtFrom = ".swarm-farm";

/** Whether the docker plugin is the one that is built here: it sends environment variables sorted, and knows more fields of services. */
export function hasBuiltDockerPlugin(machine: Machine): boolean {
  return existsSync(join(pluginFolder(machine, "docker", versions.docker), builtFrom));
}

/** Whether the farm's CLI is used: the machine has none or an old one. */
export function usesOwnCli(machine: Machine): boolean {
  return (machine.environment.PATH ?? "").split(delimiter).includes(join(pulumiFolder(machine), "bin"));
}

/**
 * Turns off the log in which Pulumi keeps all messages between engine and plugins, up to 500 MB a run, which is half of the work
 * of a run without changes. There is no setting for it; a file in place of the folder works.
 */
export function withoutPulumiLog(home: string): void {
  mkdirSync(home, { recursive: true });
  const logs = join(home, "logs");
  if (!existsSync(logs)) writeFileSync(logs, "");
}
