import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FarmError } from "../base/errors";
import { backupsFolder, isBackupOf } from "../backup/new-file";
import { askSnapshots, program, snapshotKinds, type SnapshotName } from "../backup/snapshots";
import type { Context } from "../context/context";
import { parseBackup } from "../doctor/backups";
import { ask, reasonOf } from "../nodes/ask";
import { managersOf } from "../nodes/managers";
import { nodesWithFiles, writeSshFiles } from "../nodes/ssh-files";
import { resourcesOf } from "../pulumi/answer";
import { loginsOf } from "../secrets/logins";
import { lastSnapshots, type Chosen, type Snapshot } from "./chosen";

/** The time limit of a node that prints what it has. */
const statusSeconds = 60;

/**
 * The snapshots to rehearse, from the nodes of the farm.
 *
 * @param only one of them. Default: the last of everything that is configured
 * @throws FarmError if there is no farm, a node does not answer, or there is no snapshot
 */
export async function presentSnapshots(context: Context, only?: SnapshotName): Promise<Chosen> {
  if (!managersOf(context)) throw new FarmError(`there is no farm '${context.stack}': ./farm up builds it`);
  await writeSshFiles(context);
  const nodes = nodesWithFiles(context);
  if (only && !nodes.includes(only.node)) throw new FarmError(`the farm has no node '${only.node}'`);
  const holders = only ? [only.node] : nodes;
  const all = (await Promise.all(holders.map((node) => snapshotsOf(context, node)))).flat();
  if (only) {
    const snapshots = all.filter(({ id }) => only.id.startsWith(id) || id.startsWith(only.id));
    if (snapshots.length === 0)
      throw new FarmError(`there is no snapshot ${only.node}:${only.id}: ./farm backup list has those that there are`);
    if (snapshots.some(({ kind }) => kind === "swarm"))
      throw new FarmError(
        `${only.node}:${only.id} is the state of the swarm: a rehearsal of all last backups reads it, ./farm restore --rehearse`,
      );
    return { snapshots, missing: [] };
  }
  const wants = (await Promise.all(holders.map((node) => wantsOf(context, node)))).flat();
  const chosen = lastSnapshots(all, wants);
  if (chosen.snapshots.length === 0)
    throw new FarmError("there is no snapshot yet: ./farm ssh NODE systemctl start swarm-farm-backups makes one now");
  return chosen;
}

async function snapshotsOf(context: Context, node: string): Promise<Snapshot[]> {
  const listed = await askSnapshots(context, node);
  // Otherwise its snapshots would be missing from the rehearsal without a word.
  if (typeof listed === "string") throw new FarmError(`the snapshots of ${node} cannot be listed: ${listed}`);
  return listed.flatMap(({ id, time, tags }) =>
    tags.flatMap((tag) => {
      const [, word, name] = /^(\w+):(.+)$/.exec(tag) ?? [];
      const kind = snapshotKinds.find((each) => each === word);
      return kind === undefined || name === undefined ? [] : [{ node, id, time, name, kind }];
    }),
  );
}

async function wantsOf(context: Context, node: string): Promise<readonly string[]> {
  const answer = await ask(context, node, `${program} status`, { timeoutSeconds: statusSeconds });
  if (answer.status !== 0) throw new FarmError(`${node}: ${reasonOf(answer, statusSeconds)}`);
  return parseBackup(node, answer.stdout).wants;
}

/** The repositories' password that the farm has generated. @throws FarmError if the state has none */
export async function generatedPassword(context: Context): Promise<string> {
  const password = loginsOf(await resourcesOf(context, { showSecrets: true })).get("backups");
  if (password === undefined)
    throw new FarmError("the state has no password of the backups: ./farm up, which generates it, has not ended");
  return password;
}

/** The newest file of `./farm backup` in its default folder; undefined if there is none. */
export function lastBackupFile({ stack, folders }: Pick<Context, "stack" | "folders">): string | undefined {
  const folder = backupsFolder(folders);
  try {
    const [newest] = readdirSync(folder)
      .filter((name) => isBackupOf(stack, name))
      .sort()
      .reverse();
    return newest === undefined ? undefined : join(folder, newest);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Refuses a rehearsal for which this machine has too little memory beside what runs on it.
 *
 * @param neededMiB the memory of its nodes together
 * @param meminfo Linux' own
 * @throws FarmError
 */
export function needMemory(neededMiB: number, meminfo = readFileSync("/proc/meminfo", "utf8")): void {
  const available = Math.floor(Number(/^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1] ?? 0) / 1024);
  if (available >= neededMiB + reservedMiB) return;
  throw new FarmError(
    `the rehearsal's nodes need ${String(neededMiB)} MiB of memory and the machine ${String(reservedMiB)}, and ${String(available)} MiB are available: rehearse when less runs here, or on another machine`,
  );
}

/** Is left to the machine itself. */
const reservedMiB = 512;
