import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { describe, readCompose, type ComposeInput, type ComposeResult, type Finding } from "../../compose";
import { readApplication } from "../../infra/compose/read";
import { read } from "../../stacks/compose/read";
import { Stacks } from "../../stacks/compose/schema";
import type { CorpusFile } from "./files";
import { valuesOf } from "./values";

/** The key `folders` of a stack: empty, as `stack add` writes it, or with everything that it asks for. */
export type Folders = "none" | "as added" | "all";

type Files = Pick<CorpusFile, "repository" | "files">;
type Variables = Readonly<Record<string, string>>;

/** Values for the variables that a file needs. */
export function variablesOf(file: Files): Variables {
  const { needs } = readCompose({ name: "shop", folder: file.repository, files: file.files });
  const missing = needs.variables.filter(({ defaulted }) => !defaulted);
  return valuesOf(
    file,
    missing.map(({ name }) => name),
  );
}

/** Makes the files that a compose file names and its repository leaves out: those of people's own secrets and settings. */
export function giveFiles(file: Files, variables: Variables): void {
  for (const { path, reason = "" } of readOf(file, variables, {}).findings) {
    const [, name] = /'([^']*)' cannot be read: there is no such file/.exec(reason) ?? [];
    const isFile = /env_file|^(configs|secrets)\./.test(path) || /\.volumes\[\d+\]$/.test(path);
    if (name === undefined || !isFile || (path.includes(".volumes") && extname(name) === "")) continue;
    const whole = join(file.repository, dirname(file.files[0]), name);
    if (!whole.startsWith(file.repository)) continue;
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, "A=1\n");
  }
}

/** Why the farm does not take a file; none: it does. */
export function problemsHere(file: Files, variables: Variables, given: Folders): readonly string[] {
  const folders = foldersOf(file, variables, given);
  const stacks = Stacks.parse({ shop: { file: file.files, variables, folders } }) ?? {};
  return read(stacks, file.repository, [], []).problems.map(({ message }) => message);
}

/** Files as configs where they fit; else a volume, whose files people have to put into it. */
function foldersOf(file: Files, variables: Variables, given: Folders): Readonly<Record<string, string>> {
  if (given === "none") return {};
  const { needs } = readOf(file, variables, {});
  const added = Object.fromEntries(needs.folders.map(({ path, volume }) => [path, volume]));
  if (given === "as added") return added;
  const requested = refusedFolders(file, variables, added);
  const readOnly = { ...added, ...Object.fromEntries(requested.map((folder) => [folder, ":ro"])) };
  const unfit = refusedFolders(file, variables, readOnly);
  return { ...readOnly, ...Object.fromEntries(unfit.map((folder, i) => [folder, `given-${String(i)}`])) };
}

function refusedFolders(file: Files, variables: Variables, folders: Readonly<Record<string, string>>): string[] {
  const found = readApplication({ ...inputOf(file, variables), folders });
  return (found.kind === "refused" ? found.problems : []).flatMap(askedFolder);
}

/** The folder that a refusal asks for; a volume is none in place of a file. */
function askedFolder(finding: Finding): string[] {
  const message = describe(finding);
  const [, path] = /\(([^()]*): VOLUME/.exec(message) ?? [];
  const isFolder = path !== undefined && (extname(path) === "" || !message.includes("there is no such file"));
  return isFolder ? [path] : [];
}

function readOf(file: Files, variables: Variables, folders: Readonly<Record<string, string>>): ComposeResult {
  return readCompose({ ...inputOf(file, variables), folders });
}

function inputOf({ repository, files }: Files, variables: Variables): ComposeInput {
  const plain = Object.entries(variables).map(([name, value]) => [name, { kind: "plain", value }] as const);
  return { name: "shop", folder: repository, files, variables: Object.fromEntries(plain) };
}
