import type { CommandDefinition } from "../command-line/command";
import { commonOptions } from "../command-line/parser";

/**
 * What `./farm __complete` reads, tab-separated. A command has a line `NAME command SUMMARY`, one `NAME argument WORD` for its
 * first argument, one `NAME passes-on` if the rest belongs to another program, and one `NAME --flag DESCRIPTION` for each flag.
 */
export function completionTable(definitions: readonly CommandDefinition[]): string {
  const lines = definitions.flatMap(({ name, summary, arguments: [first] = [], options = [], passesOn = false }) => [
    [name, "command", summary],
    ...(first ? [[name, "argument", first.syntax.replaceAll(/[^a-z]/g, "")]] : []),
    ...(passesOn ? [[name, "passes-on"]] : []),
    ...[...options, ...commonOptions].map(({ flags, description }) => [name, longFlag(flags), description]),
    [name, "--help", "its help"],
  ]);
  const help = [
    ["help", "command", "these lines, or the help of one command"],
    ["help", "argument", "command"],
  ];
  return [...lines, ...help].map((cells) => `${cells.join("\t")}\n`).join("");
}

/** `--stack` of `-s, --stack <name>`. */
export function longFlag(flags: string): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}
