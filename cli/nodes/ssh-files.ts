import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { timeOf } from "../base/files";
import { run } from "../process/run";
import { isNoStack, pulumiReason } from "../pulumi/answer";
import { stateFile } from "../pulumi/backend";
import { parseJson } from "../pulumi/json";
import { isSettled } from "../pulumi/settled";

type Farm = Pick<Context, "stack" | "repository" | "folders" | "environment" | "report">;

const Files = z.record(z.string(), z.string());

/**
 * Brings the ssh files of the nodes up to date. Pulumi writes them where it runs; another machine gets them from the Pulumi stack's
 * outputs. Without nodes there are no files.
 *
 * @throws FarmError if the outputs cannot be read and this machine has no files
 */
export async function writeSshFiles(farm: Farm): Promise<void> {
  if (areCurrent(farm)) return;
  const argv = ["pulumi", "stack", "output", "sshFiles", "--show-secrets", "--json"] as const;
  const { status, stdout, stderr } = await run(argv, { cwd: farm.repository, env: farm.environment });
  const folder = sshFolder(farm);
  if (status === 0) {
    putFiles(folder, Files.parse(parseJson(stdout, "the ssh files of the stack")));
  } else if (existsSync(join(folder, "id_ed25519"))) {
    // The present files may still be right: the nodes stay reachable while the backend is not.
    farm.report.say(`the stack's ssh files cannot be read, those in ${folder} are used: ${pulumiReason(farm, stderr)}`);
  } else if (!isNoStack(stderr) && !stderr.includes("does not have output property")) {
    throw new FarmError(`the ssh files of stack '${farm.stack}' cannot be read: ${pulumiReason(farm, stderr)}`);
  }
}

/** The nodes that have ssh files on this machine, by name. */
export function nodesWithFiles(farm: Pick<Context, "folders">): readonly string[] {
  const folder = sshFolder(farm);
  if (!existsSync(folder)) return [];
  const hosts = readdirSync(folder).filter((file) => file.endsWith(".host"));
  return hosts.map((file) => file.slice(0, -".host".length)).sort();
}

function sshFolder({ folders }: Pick<Context, "folders">): string {
  return join(folders.state, "ssh");
}

/**
 * Whether this machine wrote the files in the last update; unknown with a backend that other machines use. A failed update here
 * wrote files for the nodes that it reached, and has no outputs.
 */
function areCurrent(farm: Farm): boolean {
  const state = stateFile(farm);
  const folder = sshFolder(farm);
  if (!existsSync(join(folder, "id_ed25519")) || state === undefined) return false;
  if (!isSettled(farm)) return true;
  return timeOf(state) <= timeOf(join(folder, "written"));
}

/** Writes files that differ, readable for their owner alone, and removes those of removed nodes. */
function putFiles(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    const text = content.replaceAll("@DIR@", folder);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    writeFileSync(join(folder, ".new"), text, { mode: 0o600 });
    renameSync(join(folder, ".new"), file);
  }
  const left = readdirSync(folder).filter((name) => /\.(host|known)$/.test(name) && !(name in files));
  for (const name of left) rmSync(join(folder, name));
  writeFileSync(join(folder, "written"), "");
}
