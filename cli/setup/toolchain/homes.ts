import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../context";
import { output } from "../../process/run";
import { programAt } from "../tools";
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

/** Whether the first `pulumi` on PATH is the machine's own and at least of the version that the farm needs. */
export async function hasMachinesPulumi(machine: Machine): Promise<boolean> {
  const program = programAt("pulumi", machine.environment);
  if (program === undefined || program === join(pulumiFolder(machine), "bin", "pulumi")) return false;
  const version = await output([program, "version"], { env: machine.environment }).catch(() => "");
  return isAtLeast(version.trim().replace(/^v/, ""), versions.pulumi);
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

/**
 * Compares versions by their numbers; what follows these, e.g. `-beta`, is not compared.
 *
 * @returns false where the version has no number
 */
export function isAtLeast(version: string, minimum: string): boolean {
  const numbers = (text: string) => (/\d+(\.\d+)*/.exec(text)?.[0] ?? "").split(".").map(Number);
  if (!/\d/.test(version)) return false;
  const have = numbers(version);
  const need = numbers(minimum);
  for (const [index, number] of need.entries()) {
    const difference = (have[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
