import { constants, existsSync, mkdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { canAccess } from "../base/files";

/** The backups of all farms of this machine. */
export function backupsFolder({ farms }: Pick<Context["folders"], "farms">): string {
  return join(farms, "backups");
}

/** The dated name of a backup: names of one stack are in the order of their times. */
function backupName(stack: string, time: Date): string {
  return `${stack}-${time.toISOString().slice(0, 19).replaceAll(/:/g, "")}Z.backup`;
}

/** Whether a file has the dated name of a stack's backup. */
export function isBackupOf(stack: string, name: string): boolean {
  return new RegExp(`^${stack}-\\d{4}-\\d\\d-\\d\\dT\\d{6}Z\\.backup$`).test(name);
}

/**
 * The absolute path of a new backup; no file has it.
 *
 * @param to a file, or a folder, in which the file gets a dated name. Default: the backups of all farms of this machine
 * @throws FarmError if the folder does not exist or is not writable, or the file exists
 */
export function newBackupFile(
  { stack, folders }: Pick<Context, "stack" | "folders">,
  to: string | undefined,
  now: Date,
) {
  let file = resolve(to ?? backupsFolder(folders));
  if (to === undefined) mkdirSync(file, { recursive: true, mode: 0o700 });
  if (isFolder(file)) file = join(file, backupName(stack, now));
  const folder = dirname(file);
  if (!isFolder(folder)) throw new FarmError(`${to ?? ""}: there is no folder ${dirname(to ?? folder)}`);
  if (!canAccess(folder, constants.W_OK)) throw new FarmError(`${to ?? ""}: ${folder} cannot be written to`);
  if (existsSync(file)) throw new FarmError(`${file} is there already: name another file, or a folder`);
  return join(folder, basename(file));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
