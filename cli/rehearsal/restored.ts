import { text } from "node:stream/consumers";
import { shellQuote } from "../../infra/remote/shell";
import { mysqlDump } from "../../stacks/lamp/mysql-dump";
import type { Backup } from "../backup/backup-file";
import { Mysql } from "../backup/mysql";
import { restoreMysql } from "../backup/restore-mysql";
import { program, restoreSeconds } from "../backup/snapshots";
import { SwarmSnapshot } from "../backup/swarm-snapshot";
import { FarmError } from "../base/errors";
import { askRoutes, routeProblems } from "../convergence/routes";
import type { Context } from "../context/context";
import { ask, reasonOf } from "../nodes/ask";
import { runningTask } from "../nodes/running-task";
import { onNode } from "../nodes/ssh";
import { nodesWithFiles } from "../nodes/ssh-files";
import { chain } from "../process/chain";
import { outputsOf } from "../pulumi/outputs";
import type { Snapshot } from "./chosen";
import { mapOf, type Keys } from "./configuration";

/** The node of a rehearsal that reads a snapshot: of the same name, else the first. */
export function readerOf(farm: Context, { node }: Snapshot): string {
  const nodes = nodesWithFiles(farm);
  const reader = nodes.includes(node) ? node : nodes[0];
  if (reader === undefined) throw new FarmError("the rehearsal's farm has no nodes");
  return reader;
}

/**
 * Copies repositories that are in folders of the nodes, as they are: encrypted.
 *
 * @param folder of both farms' nodes
 */
export async function copyRepositories(
  context: Context,
  farm: Context,
  folder: string,
  snapshots: readonly Snapshot[],
) {
  const copies = new Set(snapshots.map((snapshot) => `${snapshot.node} ${readerOf(farm, snapshot)}`));
  for (const [from = "", to = ""] of [...copies].map((copy) => copy.split(" "))) {
    // Files of a repository never change; what a run adds or removes meanwhile is no error of tar.
    const read = `tar -C ${shellQuote(folder)} --exclude=${shellQuote(`${from}/locks/*`)} -c ${shellQuote(from)} || [ $? -eq 1 ]`;
    const write = `tar -C ${shellQuote(folder)} -x`;
    await chain(undefined, [{ argv: onNode(context, from, read) }, { argv: onNode(farm, to, write) }], text);
  }
  return `of ${[...new Set(snapshots.map(({ node }) => node))].sort().join(", ")}`;
}

/**
 * Restores a volume before a service uses it, and compares it with its snapshot. A dump is only fetched, and the state of a swarm read
 * through.
 *
 * @param farm the rehearsal's; for the state of a swarm the present one, which alone has its key
 */
export async function read(farm: Context, snapshot: Snapshot): Promise<string> {
  if (snapshot.kind === "swarm") {
    const { manifest } = await SwarmSnapshot.open(farm, { ...snapshot, reader: snapshot.node });
    return `swarm ${manifest.cluster} of ${String(manifest.nodes.length)} nodes, read through`;
  }
  const on = readerOf(farm, snapshot);
  const call = async (verb: string) => {
    const command = [program, verb, snapshot.id, shellQuote(snapshot.node)].join(" ");
    const answer = await ask(farm, on, command, { timeoutSeconds: restoreSeconds, signal: farm.signal });
    if (answer.status !== 0) throw new FarmError(reasonOf(answer, restoreSeconds));
    return answer.stdout.trim();
  };
  if (snapshot.kind === "dump") {
    await call("fetch");
    return "read";
  }
  await call("restore");
  return call("verify");
}

/** Loads a dump that was fetched where its service runs, and compares a dump of the result with it. */
export async function load(farm: Context, snapshot: Snapshot, backups: Keys): Promise<string> {
  const { name } = snapshot;
  const service =
    mapOf(mapOf(backups.dumps)[name]).service ?? (name === mysqlDump.name ? mysqlDump.service : undefined);
  if (typeof service !== "string")
    throw new FarmError(`the configuration has no dump '${name}' by now: backups.dumps.${name}`);
  const task = await runningTask(farm, service);
  if (!task) throw new FarmError(`the service '${service}', which loads the dump '${name}', does not run`);
  const fetched = { argv: onNode(farm, readerOf(farm, snapshot), `${program} fetched ${shellQuote(name)}`) };
  return (
    await chain(undefined, [fetched, { argv: onNode(farm, task.node, `${program} load ${shellQuote(name)}`) }], text)
  ).trim();
}

/** Lines and bytes of what a program prints. */
const count = { argv: ["wc", "-lc"] } as const;

/** Loads the database of a backup's file, and compares a dump of the result with it. */
export async function loadFile(farm: Context, archive: Backup): Promise<string> {
  await restoreMysql(farm, archive, true);
  const mysql = await Mysql.find(farm);
  if (!mysql) throw new FarmError("mysql has ended after its data were loaded");
  const expected = numbersIn(await archive.read("mysql.sql", [count], text));
  const found = numbersIn(await chain(undefined, [mysql.dump(), count], text));
  return compared(found, expected);
}

/** As `load` of the node's program: rows that were added meanwhile are none that are missing. */
export function compared(found: readonly [number, number], wanted: readonly [number, number]): string {
  const line = `${String(found[0])} of ${String(wanted[0])} lines, ${String(found[1])} of ${String(wanted[1])} bytes`;
  if (found[0] < wanted[0] || found[1] < 0.99 * wanted[1])
    throw new FarmError(`the database has less than what was loaded: ${line}`);
  return line;
}

function numbersIn(counted: string): [number, number] {
  const [lines = 0, bytes = 0] = counted.trim().split(/\s+/).map(Number);
  return [lines, bytes];
}

/** Sends a request through each route, now that the data are there. @throws FarmError with the routes that fail */
export async function askEachRoute(farm: Context): Promise<string> {
  const { urls, nodes } = await outputsOf(farm);
  const routes = await askRoutes(farm, urls, nodes[0]?.address ?? "");
  const problems = routeProblems(routes);
  if (problems.length > 0) throw new FarmError(problems.join("; "));
  return routes.map(({ name, status, seconds }) => `${name} ${String(status)} in ${seconds.toFixed(2)} s`).join("\n");
}
