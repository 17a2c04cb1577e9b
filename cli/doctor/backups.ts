import type { Farm } from "../nodes/ask";
import { askNodes } from "./ask-nodes";
import type { Finding } from "./diagnose";

/** The service of scheduled backups. */
export const backupsService = "backups";

/** How the last backup of a node ended; times in seconds since 1970, by the node's clock. */
export interface NodeBackup {
  readonly node: string;
  readonly now: number;
  /** How old the last whole backup may be, in seconds. */
  readonly limit: number;
  /** When the settings were installed: a new node has no backup yet. */
  readonly installed: number;
  /** The last whole one; 0 if there was none. */
  readonly success: number;
  /** Why the last run failed; empty if it did not. */
  readonly failure: string;
  /** Configured volumes and dumps, e.g. `volume:uploads`, and those that the node had in the last run; undefined before the first with these settings. */
  readonly wants: readonly string[];
  readonly has: readonly string[] | undefined;
}

/** Backups that are old, failed, or have nothing to back up. Nodes that do not answer are left out. */
export async function backupFindings(farm: Farm, nodes: readonly string[]): Promise<Finding[]> {
  const known = await askNodes(farm, nodes, "swarm-farm-backups status", parseBackup);
  return [...known.flatMap(nodeFinding), ...missing(known)];
}

/** Reads what `swarm-farm-backups status` prints. */
export function parseBackup(node: string, text: string): NodeBackup {
  const pairs = text.split("\n").map((line) => {
    const at = line.indexOf("=");
    return { key: line.slice(0, at), value: line.slice(at + 1) };
  });
  const all = (key: string) => pairs.filter((pair) => pair.key === key).map(({ value }) => value);
  const number = (key: string) => Number(all(key)[0] ?? 0);
  return {
    node,
    now: number("now"),
    limit: number("limit"),
    installed: number("installed"),
    success: number("success"),
    failure: all("failure")[0] ?? "",
    wants: all("wants"),
    // A run under earlier settings knows nothing of what these want.
    has: number("began") > number("installed") ? all("has") : undefined,
  };
}

function nodeFinding({ node, now, limit, installed, success, failure }: NodeBackup): Finding[] {
  const again = `./farm ssh ${node} systemctl start swarm-farm-backups runs it again`;
  if (failure !== "") return [{ what: `${node}: its last backup failed: ${failure}`, byHand: again }];
  if (success > now)
    return [{ what: `${node}: its last backup is of the future`, byHand: "set the clock of its host right" }];
  const since = Math.max(success, installed);
  if (now - since <= limit) return [];
  const age = `${String(Math.floor((now - since) / 3600))} h`;
  const what = success === 0 ? `has no backup since ${age}` : `its last backup is ${age} old`;
  return [{ what: `${node}: ${what}, more than ${String(limit / 3600)} h`, byHand: again }];
}

/** Volumes and dumps that no node had when it last ran: a name that is misspelled, or a service that does not run. */
function missing(known: readonly NodeBackup[]): Finding[] {
  const ran = known.flatMap(({ has }) => (has === undefined ? [] : [has]));
  // A node that is away or new may have it.
  if (ran.length === 0 || ran.length < known.length) return [];
  const found = new Set(ran.flat());
  const configured = [...new Set(known.flatMap(({ wants }) => wants))].sort();
  return configured
    .filter((each) => !found.has(each))
    .map((each) => {
      const [kind = "", name = ""] = each.split(":");
      return missingFinding(kind, name);
    });
}

function missingFinding(kind: string, name: string): Finding {
  switch (kind) {
    case "swarm":
      return {
        what: "backups: no manager has copied the state of the swarm",
        byHand: "./farm ssh MANAGER systemctl start swarm-farm-backups does it now",
      };
    case "volume":
      return {
        what: `backups: no node has a volume '${name}'`,
        byHand: `./farm ssh NODE docker volume ls has the names; correct or remove it in backups.volumes`,
      };
    default:
      return {
        what: `backups: the dump '${name}' was not made, since its service had no running task`,
        byHand: "./farm docker service ls shows which service does not run",
      };
  }
}
