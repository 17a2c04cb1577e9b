import type { CommandDefinition } from "../command-line/command";
import { commonOptions } from "../command-line/parser";

/**
 * Candidates for `./farm __complete`, tab-separated. A command has a line `NAME command SUMMARY`, one `NAME argument WORD` for its
 * first argument, one `NAME wordN WORD` for each word that its argument N offers, one `NAME passes-on` if the rest belongs to another
 * program, and one `NAME --flag DESCRIPTION` for each flag.
 */
export function completionTable(definitions: readonly CommandDefinition[]): string {
  const lines = definitions.flatMap(({ name, summary, arguments: parameters = [], options = [], passesOn = false }) => [
    [name, "command", summary],
    ...parameters.slice(0, 1).map(({ syntax }) => [name, "argument", syntax.replaceAll(/[^a-z]/g, "")]),
    ...parameters.flatMap(({ words = [] }, at) => words.map((word) => [name, `word${String(at + 1)}`, word])),
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
