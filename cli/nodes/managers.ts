import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FarmError } from "../base/errors";
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

/**
 * Refuses a change of managers that nobody could make: only a manager can promote another or take in a new one, and a manager
 * alone has to be the first one of now, by which the swarm is known.
 *
 * @throws FarmError
 */
export function checkManagers(farm: Farm, nodes: Readonly<Record<string, { readonly role: string }>>): void {
  const present = (managersOf(farm) ?? []).map(({ name }) => name);
  const [first] = present;
  if (first === undefined) return;
  const isManager = (name: string) => nodes[name]?.role === "manager";
  const isAlone = Object.keys(nodes).filter(isManager).length === 1;
  // A first one that is gone may have been lost: the farm goes on with what `recover` left.
  const stays = present.some(isManager) && !(isAlone && nodes[first]?.role === "worker");
  if (stays) return;
  throw new FarmError(
    (isAlone
      ? `nodes: the only manager can be ${first} alone, the first of the present ones: keep it, or have three managers, of which one is a present one `
      : "nodes: no present manager stays one, and nobody else can let others manage the swarm: keep one for this ./farm up ") +
      `(${present.join(", ")}); to lose the swarm: ./farm destroy`,
  );
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
