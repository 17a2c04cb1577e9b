import { markdownTable } from "../base/markdown-table";
import type { CommandDefinition } from "../command-line/command";
import { commonOptions } from "../command-line/parser";

const origin = "Generated from `cli/commands` by `npm run docs`; do not edit.";

/** The page that lists all commands. */
export function indexPage(definitions: readonly CommandDefinition[]): string {
  const rows = definitions.map(({ name, summary }) => [`[\`${name}\`](${name}.md)`, summary]);
  return `# Commands

${origin}

${markdownTable(["command", "what it does"], rows)}

Every command takes these options; \`./farm COMMAND --help\` shows all that it takes.

${markdownTable(["option", "meaning"], optionRows(commonOptions))}

## Exit status

| status | meaning |
| --- | --- |
| 0 | done |
| 1 | refused or failed: the last line says why, and what to do |
| 2 | the command line is wrong: nothing was done |
| 130 | ended by Ctrl-C |
| other | that of the program that the command runs: \`ssh\`, \`docker\`, \`run\`, \`pulumi\` |

An answer goes to standard output, all else to standard error.
`;
}

/** The page of a command. */
export function pageOf(definition: CommandDefinition): string {
  const { name, summary, description, options = [], examples = [], arguments: parameters = [] } = definition;
  const usage = ["./farm", name, "[options]", ...parameters.map(({ syntax }) => syntax)].join(" ");
  const sections = [
    `# ./farm ${name}`,
    origin,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(description === undefined ? [] : [description]),
    `\`\`\`console\n$ ${usage}\n\`\`\``,
    ...(parameters.length === 0
      ? []
      : [
          markdownTable(
            ["argument", "meaning"],
            parameters.map((each) => [`\`${each.syntax}\``, each.description]),
          ),
        ]),
    ...(options.length === 0 ? [] : [markdownTable(["option", "meaning"], optionRows(options))]),
    "[Options of every command](README.md).",
    ...(examples.length === 0 ? [] : ["## Examples"]),
    ...examples.map(({ line, what }) => `\`\`\`console\n$ ${line}   # ${what}\n\`\`\``),
  ];
  return `${sections.join("\n\n")}\n`;
}

function optionRows(options: NonNullable<CommandDefinition["options"]>): readonly (readonly string[])[] {
  return options.map(({ flags, description, repeatable = false }) => [
    `\`${flags}\``,
    repeatable ? `${description}; repeatable` : description,
  ]);
}
