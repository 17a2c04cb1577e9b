import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { FarmError } from "../../base/errors";
import { runLogged, type Step } from "../tools/tools";
import { moduleFolder } from "./sources";

/** A change of one file of a Go module that is not ours; `why` is for people. */
const Edit = z.strictObject({ why: z.string(), file: z.string(), find: z.string(), replace: z.string() });
type Edit = z.infer<typeof Edit>;

/** Changes of a Go module, with files of ours that they call: `addedFiles` has their places in the module and in the bridge's folder. */
const ModuleChange = z.strictObject({
  module: z.string(),
  addedFiles: z.record(z.string(), z.string()),
  edits: z.array(Edit),
});
export type ModuleChange = z.infer<typeof ModuleChange>;

/** The changes with which the docker plugin sends environment variables sorted, and fields of services that the provider lacks. */
export function providerChange(): ModuleChange {
  const file = join(moduleFolder("bridge"), "docker", "changes.json");
  return ModuleChange.parse(JSON.parse(readFileSync(file, "utf8")));
}

/**
 * The changed text.
 *
 * @throws FarmError where the text to change is not there exactly once: the module has another version
 */
export function changedSource(source: string, { file, find, replace }: Edit): string {
  const parts = source.split(find);
  if (parts.length !== 2)
    throw new FarmError(`'${file}' has not once what changes.json changes; see that go.mod pins the version that it is for`);
  return parts.join(replace);
}

/**
 * Copies a module with its change, since Go lets nobody change its cache, and writes a go.mod that names the copy.
 *
 * @returns the go.mod, for `go build -modfile`
 */
export async function changedModule(step: Step, { module, addedFiles, edits }: ModuleChange, folder: string): Promise<string> {
  const cwd = moduleFolder("bridge");
  await runLogged(step, ["go", "mod", "download", module], { cwd });
  const original = (await runLogged(step, ["go", "list", "-m", "-f", "{{.Dir}}", module], { cwd })).trim();
  const copy = join(folder, "module");
  await runLogged(step, ["cp", "-r", "--no-preserve=mode", original, copy]);
  for (const edit of edits) {
    const file = join(copy, edit.file);
    writeFileSync(file, changedSource(readFileSync(file, "utf8"), edit));
  }
  for (const [place, file] of Object.entries(addedFiles)) copyFileSync(join(cwd, file), join(copy, place));
  for (const name of ["go.mod", "go.sum"]) copyFileSync(join(cwd, name), join(folder, name));
  const modfile = join(folder, "go.mod");
  await runLogged(step, ["go", "mod", "edit", `-replace=${module}=${copy}`, modfile], { cwd });
  return modfile;
}
