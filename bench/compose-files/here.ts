import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, readCompose, type ComposeInput, type ComposeResult, type Finding } from "../../compose";
import { readApplication } from "../../infra/compose/read";
import { read } from "../../stacks/compose/read";
import { Stacks } from "../../stacks/compose/schema";

/** Settings of a stack besides the file: `stack add` writes volumes by itself, `:ro` a person decides. */
export type Folders = "none" | "volumes" | "volumes and :ro";

/** A text that is a port, a tag, a name and a size; each variable has another, so that no port is published twice. */
function valueOf(index: number): string {
  return String(20_001 + index);
}

/** Values for the variables that a file needs. */
export function variablesOf(input: Pick<ComposeInput, "folder" | "files">): Readonly<Record<string, string>> {
  const { needs } = readCompose({ name: "shop", ...input });
  const missing = needs.variables.filter(({ defaulted }) => !defaulted);
  return Object.fromEntries(missing.map(({ name }, i) => [name, valueOf(i)]));
}

/** Makes the files that a compose file names and its repository leaves out: those of people's own secrets and settings. */
export function giveFiles(
  input: Pick<ComposeInput, "folder" | "files">,
  variables: Readonly<Record<string, string>>,
): void {
  for (const { path, reason = "" } of readOf(input, variables, {}).findings) {
    const [, file] = /'([^']*)' cannot be read: there is no such file/.exec(reason) ?? [];
    const isFile = /env_file|^(configs|secrets)\./.test(path) || /\.\w+$/.test(file ?? "");
    if (file === undefined || file.startsWith("..") || !isFile) continue;
    const whole = join(input.folder, dirname(input.files[0]), file);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, "A=1\n");
  }
}

/** Why the farm does not take a file; none: it does. */
export function problemsHere(
  input: Pick<ComposeInput, "folder" | "files">,
  variables: Readonly<Record<string, string>>,
  given: Folders,
): readonly string[] {
  const folders = foldersOf(input, variables, given);
  const stacks = Stacks.parse({ shop: { file: input.files, variables, folders } }) ?? {};
  return read(stacks, input.folder, [], []).problems.map(({ message }) => message);
}

function foldersOf(
  input: Pick<ComposeInput, "folder" | "files">,
  variables: Readonly<Record<string, string>>,
  given: Folders,
): Readonly<Record<string, string>> {
  if (given === "none") return {};
  const { needs } = readOf(input, variables, {});
  const volumes = Object.fromEntries(needs.folders.map(({ path, volume }) => [path, volume]));
  if (given === "volumes") return volumes;
  const found = readApplication({ name: "shop", ...input, variables: plain(variables), folders: volumes });
  const problems = found.kind === "refused" ? found.problems : [];
  return { ...volumes, ...Object.fromEntries(problems.flatMap(readOnlyFolder)) };
}

function readOnlyFolder(finding: Finding): [string, string][] {
  const [, folder] = /'([^']*)' is a folder of this machine; with ':ro'/.exec(describe(finding)) ?? [];
  return folder === undefined ? [] : [[folder, ":ro"]];
}

function readOf(
  input: Pick<ComposeInput, "folder" | "files">,
  variables: Readonly<Record<string, string>>,
  folders: Readonly<Record<string, string>>,
): ComposeResult {
  return readCompose({ name: "shop", ...input, variables: plain(variables), folders });
}

function plain(variables: Readonly<Record<string, string>>): ComposeInput["variables"] {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { kind: "plain", value }]));
}
