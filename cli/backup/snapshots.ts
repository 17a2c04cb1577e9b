import { existsSync } from "node:fs";
import { z } from "zod";
import { shellQuote } from "../../infra/remote/shell";
import { FarmError } from "../base/errors";
import { print } from "../base/print";
import { confirmed } from "../context/confirm";
import type { Context } from "../context/context";
import { ask, reasonOf } from "../nodes/ask";
import { managersOf } from "../nodes/managers";
import { nodesWithFiles, writeSshFiles } from "../nodes/ssh-files";

/** A snapshot of scheduled backups: the node whose repository has it, and its id there. */
export interface SnapshotName {
  readonly node: string;
  readonly id: string;
}

/** The kinds of snapshots, with which their tags begin. */
export const snapshotKinds = ["volume", "dump", "swarm"] as const;

/** One of them. */
export type SnapshotKind = (typeof snapshotKinds)[number];

/** A snapshot of which a node knows the kind. */
export interface KnownSnapshot extends SnapshotName {
  readonly kind: SnapshotKind;
  /** When it was made, in ISO 8601. */
  readonly time: string;
  /** The node that reads it: its own, or another one while that is away. */
  readonly reader: string;
}

/** restic reads its index before it answers. */
const listSeconds = 300;

/** Large volumes. */
export const restoreSeconds = 24 * 3600;

/** The program that the stack of backups installs on nodes. */
export const program = "swarm-farm-backups";

/** Snapshots as `restic snapshots --json` prints them. */
const Listed = z.array(
  z.object({ time: z.string(), short_id: z.string(), tags: z.array(z.string()).nullish() }).transform((each) => ({
    time: `${each.time.slice(0, 19)}Z`,
    id: each.short_id,
    tags: each.tags ?? [],
  })),
);

/** The node and id of `worker1:1a2b3c4d`; undefined for a file, of which there may be one with such a name. */
export function parseSnapshot(text: string): SnapshotName | undefined {
  const [, node, id] = /^([a-z][a-z0-9-]*):([0-9a-f]{8,64})$/.exec(text) ?? [];
  return node !== undefined && id !== undefined && !existsSync(text) ? { node, id } : undefined;
}

/** A snapshot as its repository lists it. */
interface ListedSnapshot {
  readonly id: string;
  readonly time: string;
  readonly tags: readonly string[];
}

/** Snapshots that count, the oldest first, of one node; or the reason why there are none. */
export async function askSnapshots(context: Context, node: string): Promise<readonly ListedSnapshot[] | string> {
  const { problem, snapshots } = await askRepository(context, node, node);
  return problem ?? snapshots;
}

interface Repository {
  readonly snapshots: readonly ListedSnapshot[];
  /** Why there are none. */
  readonly problem?: string;
  /** Whether the reader did not answer. Default: false. */
  readonly isAway?: boolean;
}

/** ssh's own status, and that of a program that a timeout has ended. */
const noAnswer = [255, 143];

/** The repository of a node, as another one or itself finds it. */
async function askRepository(context: Context, node: string, reader: string): Promise<Repository> {
  const verb = reader === node ? "list" : `list ${shellQuote(node)}`;
  const answer = await ask(context, reader, `${program} ${verb}`, { timeoutSeconds: listSeconds });
  if (answer.status !== 0) {
    const problem = answer.status === 127 ? notInstalled : reasonOf(answer, listSeconds);
    return { snapshots: [], problem, isAway: noAnswer.includes(answer.status) };
  }
  const listed = Listed.safeParse(JSON.parse(answer.stdout === "" ? "[]" : answer.stdout));
  if (!listed.success)
    throw new FarmError(`${node}: restic lists its snapshots in a form that this version does not know`);
  return { snapshots: listed.data.filter(({ tags }) => !tags.includes("unfinished")) };
}

/**
 * Prints the snapshots of every node, the oldest first. The repository of one that does not answer is read by another node, which finds it
 * unless it is in a folder of the first; each has a line with the reason.
 */
export async function listSnapshots(context: Context): Promise<void> {
  const { report } = context;
  await connect(context);
  const own = nodesWithFiles(context).map(async (node) => ({ node, own: await askRepository(context, node, node) }));
  const answers = await Promise.all(own);
  const readers = answers.flatMap(({ node, own: { isAway } }) => (isAway === true ? [] : [node]));
  for (const { node, own } of answers) {
    if (own.problem !== undefined) report.say(`${node}: ${own.problem}`);
    const { snapshots } = own.isAway === true ? await readByOthers(context, node, readers) : own;
    for (const { id, time, tags } of snapshots) print(`${node}:${id}  ${time}  ${tags.join(" ")}`);
  }
}

/** The repository of a node that is away, by the first node that finds it. */
async function readByOthers(context: Context, node: string, readers: readonly string[]): Promise<Repository> {
  for (const reader of readers) {
    const found = await askRepository(context, node, reader);
    if (found.snapshots.length === 0) continue;
    context.report.say(`${node}: its repository, read by ${reader}`);
    return found;
  }
  return { snapshots: [] };
}

/** The kind of a snapshot, by its own node, else by the first one that can read it; undefined if none can. */
export async function knownSnapshot(context: Context, { node, id }: SnapshotName): Promise<KnownSnapshot | undefined> {
  await connect(context);
  const nodes = nodesWithFiles(context);
  const readers = [...nodes.filter((each) => each === node), ...nodes.filter((each) => each !== node)];
  for (const reader of readers) {
    const command = [program, "kind", id, shellQuote(node)].join(" ");
    const { status, stdout } = await ask(context, reader, command, { timeoutSeconds: listSeconds });
    const [, word, time = ""] = /^(\w+) (\S+)\n$/.exec(stdout) ?? [];
    const kind = snapshotKinds.find((each) => each === word);
    if (status === 0 && kind !== undefined) return { node, id, kind, time, reader };
  }
  return undefined;
}

const notInstalled = "it has no backups: add swarm-farm:backups to the configuration, then ./farm up";

/**
 * Restores a volume or a database from a snapshot.
 *
 * @throws FarmError if the node cannot restore it, with nothing changed, or if the user declines
 */
export async function restoreSnapshot(
  context: Context,
  { node, id }: SnapshotName,
  { to = node, yes }: { readonly to?: string | undefined; readonly yes: boolean },
): Promise<void> {
  const { report } = context;
  await connect(context);
  if (!nodesWithFiles(context).includes(to))
    throw new FarmError(`the farm has no node '${to}': --to names the one that gets the snapshot`);
  const call = async (verb: string, timeoutSeconds: number) => {
    const answer = await ask(context, to, [program, verb, id, shellQuote(node)].join(" "), { timeoutSeconds });
    if (answer.status === 127) throw new FarmError(`${to}: ${notInstalled}`);
    if (answer.status !== 0) throw new FarmError(reasonOf(answer, timeoutSeconds));
    return answer.stdout.trim();
  };
  report.say(await call("tell", listSeconds));
  if (!yes && !(await confirmed(context, "go on?"))) throw new FarmError("nothing was done");
  await report.step("restore", () => call("restore", restoreSeconds));
}

async function connect(context: Context): Promise<void> {
  if (!managersOf(context)) throw new FarmError(`there is no farm '${context.stack}': ./farm up builds it`);
  await writeSshFiles(context);
}
