import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Context } from "../../context";
import { versions } from "../versions";

type Machine = Pick<Context, "environment" | "folders">;

/** The CLI that the farm brings where the machine has none that is new enough. */
export function pulumiFolder({ folders }: Pick<Machine, "folders">): string {
  return join(folders.cache, `pulumi-${versions.pulumi}`);
}

/** Pulumi's home of the farm's own: no other project gets the plugins that were built here. */
export function ownPulumiHome({ folders }: Pick<Machine, "folders">): string {
  return join(folders.cache, "pulumi-home");
}

/** Where Pulumi looks for plugins: PULUMI_HOME, else the farm's own home. */
export function pulumiHome(machine: Machine): string {
  return machine.environment.PULUMI_HOME ?? ownPulumiHome(machine);
}

/** The folder of a resource plugin in Pulumi's home. */
export function pluginFolder(machine: Machine, name: string, version: string): string {
  return join(pulumiHome(machine), "plugins", `resource-${name}-v${version}`);
}

/** The file in a plugin's folder that says that it was built here, and from what. */
export const builtFrom = ".swarm-farm";

/** Whether the docker plugin is the one that is built here, which sends environment variables sorted; the official one does not. */
export function sortsEnv(machine: Machine): boolean {
  return existsSync(join(pluginFolder(machine, "docker", versions.docker), builtFrom));
}

/** Whether the machine has no CLI that is new enough: the environment then has the farm's on PATH. */
export function usesOwnCli(machine: Machine): boolean {
  return (machine.environment.PATH ?? "").split(delimiter).includes(join(pulumiFolder(machine), "bin"));
}

/**
 * Pulumi logs all that its engine and plugins say to each other in every run, secrets too, encrypted, up to 500 MB: half of
 * the work of a run that changes nothing. No setting turns that off; a file in the place of the folder does.
 */
export function withoutPulumiLog(home: string): void {
  mkdirSync(home, { recursive: true });
  const logs = join(home, "logs");
  if (!existsSync(logs)) writeFileSync(logs, "");
}
