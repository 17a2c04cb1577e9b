import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { FarmError } from "../../base/errors";
import { runLogged, type Step } from "../tools/tools";
import { moduleFolder } from "./sources";

/** A change of one file of a Go module that is not ours; `why` is for people. */
const SourceChange = z.strictObject({
  why: z.string(),
  module: z.string(),
  file: z.string(),
  find: z.string(),
  replace: z.string(),
});
export type SourceChange = z.infer<typeof SourceChange>;

/** The change with which the docker plugin sends environment variables sorted. */
export function sortedEnv(): SourceChange {
  const file = join(moduleFolder("bridge"), "docker", "sorted-env.json");
  return SourceChange.parse(JSON.parse(readFileSync(file, "utf8")));
}

/**
 * The changed text.
 *
 * @throws FarmError where the text to change is not there exactly once: the module has another version
 */
export function changedSource(source: string, { file, find, replace }: SourceChange): string {
  const parts = source.split(find);
  if (parts.length !== 2)
    throw new FarmError(`'${file}' has not once what sorted-env.json changes; see that go.mod pins the version that it is for`);
  return parts.join(replace);
}

/**
 * Copies a module with its change, since Go lets nobody change its cache, and writes a go.mod that names the copy.
 *
 * @returns the go.mod, for `go build -modfile`
 */
export async function changedModule(step: Step, change: SourceChange, folder: string): Promise<string> {
  const cwd = moduleFolder("bridge");
  await runLogged(step, ["go", "mod", "download", change.module], { cwd });
  const original = (await runLogged(step, ["go", "list", "-m", "-f", "{{.Dir}}", change.module], { cwd })).trim();
  const copy = join(folder, "module");
  await runLogged(step, ["cp", "-r", "--no-preserve=mode", original, copy]);
  const file = join(copy, change.file);
  writeFileSync(file, changedSource(readFileSync(file, "utf8"), change));
  for (const name of ["go.mod", "go.sum"]) copyFileSync(join(cwd, name), join(folder, name));
  const modfile = join(folder, "go.mod");
  await runLogged(step, ["go", "mod", "edit", `-replace=${change.module}=${copy}`, modfile], { cwd });
  return modfile;
}
