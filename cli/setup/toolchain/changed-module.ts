import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { FarmError } from "../../errors";
import { runLogged, type Step } from "../tools";
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

/** Writes the changed file and the overlay that `go build` reads it from; the module itself stays as it is. */
export async function writeOverlay(step: Step, change: SourceChange, folder: string): Promise<string> {
  const cwd = moduleFolder("bridge");
  await runLogged(step, ["go", "mod", "download", change.module], { cwd });
  const module = (await runLogged(step, ["go", "list", "-m", "-f", "{{.Dir}}", change.module], { cwd })).trim();
  const original = join(module, change.file);
  mkdirSync(folder, { recursive: true });
  const [changed, overlay] = [join(folder, "changed.go"), join(folder, "overlay.json")];
  writeFileSync(changed, changedSource(readFileSync(original, "utf8"), change));
  writeFileSync(overlay, JSON.stringify({ Replace: { [original]: changed } }));
  return overlay;
}
