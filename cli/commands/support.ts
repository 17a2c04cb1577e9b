import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { counted } from "../../infra/config/counted";
import type { CommandDefinition } from "../command-line/command";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { writeSshFiles } from "../nodes/ssh-files";
import { print } from "../base/print";
import { knownSecrets } from "../secrets/known";
import { maskOf, shortestSecret } from "../secrets/mask";
import { writeArchive } from "../support/archive";
import { collect } from "../support/collect";
import { machineParts, partsOf } from "../support/parts";

/** `./farm support`. */
export const support: CommandDefinition = {
  name: "support",
  summary: "one archive for a bug report, without secrets",
  description:
    "Versions, the configuration, a preview, journals and consoles of the nodes, what Docker and libvirt say, logs of " +
    "./farm. Every secret of the state and of the configuration is masked in each file. What does not answer is a line in " +
    "the archive's report.txt. Look into the archive before you attach it: names, addresses and what your applications " +
    "log are in it.",
  arguments: [{ syntax: "[file]", description: "to write; default: farm-support-STACK-TIME.tar.gz in this folder" }],
  examples: [{ line: "./farm support", what: "prints the name of the archive" }],
  async run(context, { arguments: [name] }) {
    const file = archiveFile(name ?? `farm-support-${context.stack}-${timestamp(new Date())}.tar.gz`);
    await context.report.step("support", async (progress) => {
      progress.now("reading the secrets, to mask them");
      const { mask, notes, parts } = await prepared(context);
      context.signal.throwIfAborted();
      progress.now(`collecting ${counted(parts.length, "part")}`);
      const { files, failed } = await collect(parts, mask, context.signal, notes);
      await writeArchive(file, files);
      return failed === 0
        ? counted(files.length, "file")
        : `${counted(files.length, "file")}, ${counted(failed, "part")} failed`;
    });
    print(file);
  },
};

/** If the secrets cannot be read, only parts without secrets are collected. */
async function prepared(context: Context) {
  try {
    const secrets = [...(await knownSecrets(context))];
    const short = secrets.filter(({ length }) => length < shortestSecret).length;
    await writeSshFiles(context).catch(() => undefined);
    return {
      mask: maskOf(secrets),
      notes:
        short === 0
          ? []
          : [
              `${counted(short, "secret has", "secrets have")} fewer than ${String(shortestSecret)} characters: not masked`,
            ],
      parts: partsOf(context),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      mask: maskOf([]),
      notes: [`the secrets cannot be read, to mask them: only what knows none is here: ${reason}`],
      parts: machineParts(context),
    };
  }
}

/** @throws FarmError before the first slow step */
function archiveFile(name: string): string {
  const file = resolve(name);
  if (!file.endsWith(".tar.gz")) throw new FarmError(`the archive '${name}' must be named *.tar.gz`);
  if (!statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory())
    throw new FarmError(`there is no folder '${dirname(file)}' for the archive: make it, or name another file`);
  if (existsSync(file)) throw new FarmError(`the archive '${name}' is there: remove it, or name another file`);
  return file;
}

/** @returns 20261127-181500, UTC */
function timestamp(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}
