import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ask, type Farm } from "./ask";

/** A manager in the farm's ssh files. */
export interface Manager {
  readonly name: string;
  readonly address: string;
}

/** The time limit after which a manager counts as lost. */
const managerSeconds = 30;

/** The managers in the order of the configuration, or undefined if there is no farm. */
export function managersOf({ folders }: Farm): readonly Manager[] | undefined {
  const file = join(folders.state, "ssh", "managers");
  if (!existsSync(file)) return undefined;
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", address = ""] = line.split("=");
      return { name, address };
    });
}

/** Whether a command succeeds on a node within a time. */
export async function succeeds(farm: Farm, node: string, command: string, seconds = managerSeconds): Promise<boolean> {
  return (await ask(farm, node, command, { timeoutSeconds: seconds })).status === 0;
}

/** Whether a node answers ssh. */
export async function answers(farm: Farm, node: string): Promise<boolean> {
  return succeeds(farm, node, "true");
}

/** Whether the swarm of a manager has a leader. */
export async function hasLeader(farm: Farm, manager: string): Promise<boolean> {
  return succeeds(farm, manager, "docker node ls >/dev/null 2>&1");
}

/** Whether the swarm has a leader, from any manager. */
export async function swarmAnswers(farm: Farm): Promise<boolean> {
  const found = await Promise.all((managersOf(farm) ?? []).map(async ({ name }) => hasLeader(farm, name)));
  return found.includes(true);
}
