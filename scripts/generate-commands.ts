/**
 * Writes, from the commands' definitions, cli/help (what `./farm` prints before there is a Node.js) and docs/commands; with
 * `--check` it only reports whether they are up to date.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allCommands } from "../cli/commands";
import { completionTable } from "../cli/help/completion";
import { indexPage, pageOf } from "../cli/help/page";
import { helpOf } from "../cli/command-line/parser";

const commands = allCommands();

const repository = join(__dirname, "..");
const check = process.argv.includes("--check");

/** The generated files of a folder, by name. */
const folders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "cli/help": {
    "farm.txt": helpOf(commands),
    "completion.tsv": completionTable(commands),
    ...Object.fromEntries(commands.map(({ name }) => [`${name}.txt`, helpOf(commands, name)])),
  },
  "docs/commands": {
    "README.md": indexPage(commands),
    ...Object.fromEntries(commands.map((definition) => [`${definition.name}.md`, pageOf(definition)])),
  },
};

for (const [folder, files] of Object.entries(folders)) {
  const at = (name: string) => join(repository, folder, name);
  mkdirSync(join(repository, folder), { recursive: true });
  const left = readdirSync(join(repository, folder)).filter((name) => !name.endsWith(".ts") && !(name in files));
  for (const name of left) {
    if (check) complain(`${folder}/${name} is of no command`);
    else rmSync(at(name));
  }
  for (const [name, content] of Object.entries(files)) {
    if (!check) writeFileSync(at(name), content);
    else if (!existsSync(at(name)) || readFileSync(at(name), "utf8") !== content)
      complain(`${folder}/${name} is not what the commands' definitions say`);
  }
}

function complain(what: string): void {
  console.error(`${what}: run npm run docs`);
  process.exitCode = 1;
}
