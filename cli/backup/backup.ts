import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { ask } from "../nodes/ask";
import { scripts } from "../../infra/swarm/scripts";
import { managersOf } from "../nodes/managers";
import { anyManager, onNode } from "../nodes/ssh";
import { writeSshFiles } from "../nodes/ssh-files";
import { output } from "../process/run";
import { unlockStack } from "../pulumi/lock";
import { Archive, keepPart, packArchive } from "./archive";
import { readManifest, type Manifest, type PartName } from "./manifest";
import { Mysql, mysqlService } from "./mysql";
import { passphraseOf, passphraseSource } from "./passphrase";
import { newBackupFile } from "./new-file";
import { sizeOf } from "./size";

/** The time limit for a manager that does not answer. */
const managerSeconds = 30;

/**
 * Writes the state of the swarm, and the database if lamp runs, into one encrypted file.
 *
 * @param to a file or a folder. Default: the backups of all farms of this machine
 * @throws FarmError if there is no farm, no manager answers, or a part cannot be copied whole; no file is left then
 */
export async function backup(context: Context, to: string | undefined): Promise<void> {
  const { report } = context;
  const began = new Date();
  const file = newBackupFile(context, to, began);
  passphraseOf(context.environment);
  unlockStack(context);
  await writeSshFiles(context);
  if (!managersOf(context)) throw new FarmError(`there is no farm '${context.stack}' to back up: ./farm up builds it`);
  const node = await managerToCopy(context);
  if (node === undefined) throw new FarmError("no manager of the swarm answers: ./farm doctor");
  const folder = mkdtempSync(join(dirname(file), ".backup-"));
  try {
    const parts: PartName[] = ["swarm.tar"];
    await report.step("swarm state", async () => {
      await keepPart(context, folder, "swarm.tar", { argv: onNode(context, node, scripts("copy-swarm.sh", {})) });
      return `of ${node} · ${sizeOf(join(folder, "swarm.tar.gpg"))}`;
    });
    await report.step("mysql", async () => {
      const note = await keepMysql(context, folder);
      if (note !== undefined) parts.push("mysql.sql");
      return note ?? "none: lamp is not deployed";
    });
    await report.step("backup file", async () => {
      const packed = join(folder, "backup");
      await packArchive(context, folder, parts, await askManifest(context, node, began), packed);
      // Reads it back as a restore does.
      await Archive.open(context, packed);
      chmodSync(packed, 0o600);
      await publish(packed, file);
      return `${sizeOf(file)}, encrypted, read back · passphrase: ${passphraseSource(context.environment)}`;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  report.say(file);
  report.say(`to restore: ./farm restore ${file}`);
}

/** A manager that is not the leader, if there is one: its Docker is stopped for the copy. */
async function managerToCopy(context: Context): Promise<string | undefined> {
  const list = "docker node ls --filter role=manager --format '{{.ManagerStatus}} {{.Hostname}}'";
  const { stdout } = await ask(context, anyManager, list, { timeoutSeconds: managerSeconds });
  const managers = stdout.split("\n").map((line) => line.split(" "));
  const [, name] = ["Reachable", "Leader"].flatMap((status) => managers.filter(([is]) => is === status))[0] ?? [];
  return name;
}

/** @returns undefined where there is no database; one that does not run is an error, since the backup would be without it */
async function keepMysql(context: Context, folder: string): Promise<string | undefined> {
  const services = await output(onNode(context, anyManager, `docker service ls --quiet --filter name=${mysqlService}`));
  if (services.trim() === "") return undefined;
  const mysql = await Mysql.find(context);
  if (!mysql) throw new FarmError(`mysql does not run: ./farm docker service ps --no-trunc ${mysqlService}`);
  await keepPart(context, folder, "mysql.sql", mysql.dump());
  const tables = String(await mysql.tables());
  return `database app of ${mysql.node}, tables: ${tables} · ${sizeOf(join(folder, "mysql.sql.gpg"))}`;
}

async function askManifest(context: Context, node: string, date: Date): Promise<Manifest> {
  const info = await output(onNode(context, node, "docker info -f '{{json .}}'"));
  const list = await output(onNode(context, node, "docker node ls --format '{{json .}}'"));
  return readManifest({ stack: context.stack, node, date: `${date.toISOString().slice(0, 19)}Z` }, info, list);
}

/** Renames a file to its final name, unless a file of that name was created since the command began. */
async function publish(packed: string, file: string): Promise<void> {
  await output(["mv", "-n", packed, file]);
  if (existsSync(packed)) throw new FarmError(`${file} is there by now: it is not written over`);
}
