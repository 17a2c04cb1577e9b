import { composeKeys } from "../compose/keys/table";
import type { Key } from "../compose/keys/key";

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function row({ path, docker, outcome, reason, note, alternative, exception }: Key): string {
  const values =
    exception && `${exception.values.map((value) => `\`${value}\``).join(", ")} is taken: ${exception.reason}`;
  const why = [reason ?? note, alternative, values].filter((part) => part !== undefined).join("; ");
  return `| \`${path}\` | ${docker} | ${outcome} | ${cell(why)} |`;
}

function table(title: string, keys: readonly Key[]): string {
  const rows = [...keys].sort((a, b) => (a.path < b.path ? -1 : 1)).map(row);
  return `## ${title}\n\n| key | \`docker stack deploy\` | here | |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}

const ofService = composeKeys.filter(({ path }) => path.startsWith("services.*."));
const ofDeploy = ofService.filter(({ path }) => path.includes(".deploy"));

/** docs/compose.md: every key of compose files and what happens to it. */
export const composePage = `# Compose files

Generated from \`compose/keys\` by \`npm run docs\`; do not edit.

What \`docker stack deploy\` honours keeps its meaning; a test compares the two field by field. A key that docker refuses or
ignores is **improved** on purpose, or **refused** with file, line, reason and alternative. All problems are reported at
once, before anything is touched. An unknown key is refused. \`*\` is a name that the file chooses, \`[]\` an item of a list.

Variables come from the configuration, never from the environment or a file \`.env\`, in docker's dialect: \`$A\`, \`\${A}\`,
\`\${A:-default}\`, \`\${A-default}\`, \`\${A:?message}\`, \`\${A?message}\`, and \`$$\` for a dollar sign. What docker misreads or refuses is as with Docker Compose: \`\${A:-\${B}}\`,
\`\${A:+other}\`, a message with a hyphen. A \`$\` before anything but a name, e.g. \`$?\`, stays in texts that programs read. A secret variable stays
secret in Pulumi's state; it may stand in \`command\`, \`entrypoint\`, \`environment\`, \`healthcheck.test\`, labels, options of
logging and of volumes, and in \`content\`.

## How many files are taken

Measured on 2026-11-29 over 93 different files of 12 public repositories that teach Swarm or Compose, and over 45 of 10 others, with the variables
and files given that they name ([how](../bench/compose-files/README.md)). They were read, not deployed; \`docker stack deploy\` is docker's
client 28.2.2 with an API that records.

| files | in all | taken by docker | taken here as they are | with the volumes that \`stack add\` writes | with \`:ro\` for folders with files |
| --- | --- | --- | --- | --- | --- |
| with \`deploy\`, for Swarm | 57 | 56 | 49 (86 %) | 51 (89 %) | 54 (95 %) |
| of those that docker takes | 56 | 56 | 49 (88 %) | 51 (91 %) | 54 (96 %) |
| plain compose files | 36 | 24 (67 %) | 26 (72 %) | 27 (75 %) | 34 (94 %) |
| of those that docker takes | 24 | 24 | 20 (83 %) | 21 (88 %) | 23 (96 %) |
| the others, for Swarm | 9 | 8 | 8 | 8 | 9 |
| the others, plain | 36 | 17 (47 %) | 21 (58 %) | 21 (58 %) | 22 (61 %) |
| of those that docker takes | 17 | 17 | 14 (82 %) | 14 (82 %) | 14 (82 %) |

Of the files that docker takes and that are refused here in the end, three want \`tty\` or a file of more than 1 MB, and three what a task
on any node cannot have and docker drops (\`privileged\`, \`devices\`, the network of another container). Of the 11 in the second group that both refuse,
six are parts of a file that is not given with them, and four have a variable for a path, which the measure fills with a number. Where a container
writes to a folder beside the file, Swarm would look for it on the node that runs the task, where it is not; \`folders\` of the stack says what takes its place
([how](how-to/compose.md#folders-of-the-file)).

${table(
  "Files",
  composeKeys.filter(({ path }) => !path.startsWith("services.*.")),
)}
${table(
  "Services",
  ofService.filter((key) => !ofDeploy.includes(key)),
)}
${table("Deployment of services", ofDeploy)}`;
