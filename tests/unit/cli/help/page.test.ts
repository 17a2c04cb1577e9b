import { allCommands } from "../../../../cli/commands";
import type { CommandDefinition } from "../../../../cli/command-line/command";
import { completionTable, longFlag } from "../../../../cli/help/completion";
import { indexPage, pageOf } from "../../../../cli/help/page";

const commands = allCommands();

const plain: CommandDefinition = { name: "look", summary: "look at it", run: () => Promise.resolve() };
const full: CommandDefinition = {
  ...plain,
  description: "At all of it.",
  arguments: [
    { syntax: "<node>", description: "a | b" },
    { syntax: "[command...]", description: "for the node" },
  ],
  options: [
    { flags: "-t, --target <urn>", description: "only this", repeatable: true },
    { flags: "--dry-run", description: "only report" },
  ],
  passesOn: true,
  examples: [{ line: "./farm look a", what: "at a" }],
};

test("a page has usage, arguments, options and examples", () => {
  expect(pageOf(full).split("\n\n")).toEqual([
    "# ./farm look",
    expect.stringContaining("do not edit"),
    "Look at it.",
    "At all of it.",
    "```console\n$ ./farm look [options] <node> [command...]\n```",
    "| argument | meaning |\n| --- | --- |\n| `<node>` | a \\| b |\n| `[command...]` | for the node |",
    "| option | meaning |\n| --- | --- |\n| `-t, --target <urn>` | only this; repeatable |\n| `--dry-run` | only report |",
    "[Options of every command](README.md).",
    "## Examples",
    "```console\n$ ./farm look a   # at a\n```\n",
  ]);
});

test("a command without arguments, options and examples has no empty table or heading", () => {
  const page = pageOf(plain);
  expect(page).toContain("$ ./farm look [options]\n");
  expect(page).not.toMatch(/\| --- \||## Examples|undefined/);
});

test("the index links the page of every command, and lists the exit statuses and common options", () => {
  const page = indexPage(commands);
  for (const { name, summary } of commands) expect(page).toContain(`| [\`${name}\`](${name}.md) | ${summary} |`);
  for (const status of ["0", "1", "2", "130", "other"]) expect(page).toMatch(new RegExp(`^\\| ${status} \\| `, "m"));
  expect(page).toContain("| `-s, --stack <name>` | another farm than dev");
});

test("every row of a table has as many cells as its header, whatever the texts contain", () => {
  for (const page of [indexPage(commands), ...commands.map(pageOf)])
    for (const table of page.split("\n\n").filter((part) => part.startsWith("| "))) {
      const widths = table
        .trim()
        .split("\n")
        .map((row) => row.split(/(?<!\\)\|/).length);
      expect(new Set(widths).size).toBe(1);
    }
});

test("completion has a line for the command, its argument and each flag", () => {
  const lines = completionTable([full]).split("\n");
  expect(lines.slice(0, 5)).toEqual([
    "look\tcommand\tlook at it",
    "look\targument\tnode",
    "look\tpasses-on",
    "look\t--target\tonly this",
    "look\t--dry-run\tonly report",
  ]);
  expect(lines).toEqual(expect.arrayContaining(["look\t--help\tits help", "help\targument\tcommand"]));
  expect(completionTable([plain])).not.toMatch(/passes-on|look\targument/);
});

test("a line of the completion table has at most three cells, separated by tabs", () => {
  for (const line of completionTable(commands).trimEnd().split("\n"))
    expect(line).toMatch(/^[a-z]+\t[^\t]+(\t[^\t]+)?$/);
});

test.each([
  ["-s, --stack <name>", "--stack"],
  ["--accept-data-loss <node>", "--accept-data-loss"],
  ["-x", "-x"],
])("the long flag of '%s' is %s", (flags, long) => {
  expect(longFlag(flags)).toBe(long);
});
