import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { FarmError } from "../../base/errors";
import { runLogged, type Step } from "../tools/tools";
import { buildGo, type Build } from "./go";
import { moduleFolder, type GoModule } from "./sources";

/** A change of one file of a Go module that is not ours; `why` is for people. */
const Edit = z.strictObject({ why: z.string(), file: z.string(), find: z.string(), replace: z.string() });
type Edit = z.infer<typeof Edit>;

/** Changes of a Go module, with files of ours that they call: `addedFiles` has their paths in that module and in ours. */
const ModuleChange = z.strictObject({
  module: z.string(),
  addedFiles: z.record(z.string(), z.string()),
  edits: z.array(Edit),
});
export type ModuleChange = z.infer<typeof ModuleChange>;

/** The file of the changes that a module of ours makes, in its folder. */
const changesFiles = {
  /** The docker plugin sends environment variables sorted, and fields of services that the provider lacks. */
  bridge: "docker/changes.json",
  /** The libvirt provider's client neither hangs at the end of a stream nor when libvirt refuses one. */
  libvirt: "changes.json",
} as const satisfies Partial<Record<GoModule, string>>;

/** A module of ours that is built with a changed one. */
export type ChangingModule = keyof typeof changesFiles;

/** The changes that a module of ours makes. */
export function changesOf(by: ChangingModule): ModuleChange {
  return ModuleChange.parse(JSON.parse(readFileSync(join(moduleFolder(by), changesFiles[by]), "utf8")));
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
 * Copies the module that another one changes, since Go lets nobody change its cache, and writes a go.mod that names the copy.
 *
 * @param folder an empty one, for both
 * @returns the go.mod, for `go build -modfile`
 */
export async function changedModule(step: Step, by: ChangingModule, folder: string): Promise<string> {
  const { module, addedFiles, edits } = changesOf(by);
  const cwd = moduleFolder(by);
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

/** Builds a program of a module of ours with the one that it changes. */
export async function buildChanged(step: Step, build: Build & { readonly module: ChangingModule }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "swarm-farm-"));
  try {
    await buildGo(step, { ...build, modfile: await changedModule(step, build.module, folder) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
