import { constants, existsSync, mkdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { canAccess } from "../base/files";

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
  let file = resolve(to ?? join(folders.farms, "backups"));
  if (to === undefined) mkdirSync(file, { recursive: true, mode: 0o700 });
  if (isFolder(file)) file = join(file, `${stack}-${now.toISOString().slice(0, 19).replaceAll(/:/g, "")}Z.backup`);
  const folder = dirname(file);
  if (!isFolder(folder)) throw new FarmError(`${to ?? ""}: there is no folder ${dirname(to ?? folder)}`);
  if (!canAccess(folder, constants.W_OK)) throw new FarmError(`${to ?? ""}: ${folder} cannot be written to`);
  if (existsSync(file)) throw new FarmError(`${file} is there already: name another file, or a folder`);
  return join(folder, basename(file));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
