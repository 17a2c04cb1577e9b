import { composeKeys } from "../compose/keys/table";
import type { Key } from "../compose/keys/key";

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function row({ path, docker, outcome, reason, note, alternative }: Key): string {
  const why = [reason ?? note, alternative].filter((part) => part !== undefined).join("; ");
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
\`\${A:-default}\`, \`\${A-default}\`, \`\${A:?message}\`, \`\${A?message}\`, and \`$$\` for a dollar sign. A secret variable stays
secret in Pulumi's state; it may stand in \`command\`, \`entrypoint\`, \`environment\`, \`healthcheck.test\`, labels, options of
logging and of volumes, and in \`content\`.

## How many files are taken

Measured over 326 different files of 50 public repositories, with the variables and files given that they name. They were read, not
deployed; \`docker stack deploy\` is docker's client 28.2.2 with an API that records.

| files | in all | taken by docker | of those taken here | with the volumes that \`stack add\` writes | with \`:ro\` for folders with files |
| --- | --- | --- | --- | --- | --- |
| with \`deploy\`, for Swarm | 177 | 153 | 132 (86 %) | 135 (88 %) | 142 (93 %) |
| plain compose files | 149 | 88 | 58 (66 %) | 71 (81 %) | 74 (84 %) |

Of the 51 files that docker takes and that are refused as they are, 36 mount a folder beside the file that a container can write: Swarm
would look for it on the node that runs the task, where it is not; \`folders\` of the stack says what takes its place
([how](how-to/compose.md#folders-of-the-file)). Most of the others ask for what a task on any node cannot have (\`network_mode\`,
\`privileged\`, \`devices\`, fixed addresses), which docker drops, or for what Pulumi's Docker provider cannot set (\`tty\`,
\`ulimits\`).

${table(
  "Files",
  composeKeys.filter(({ path }) => !path.startsWith("services.*.")),
)}
${table(
  "Services",
  ofService.filter((key) => !ofDeploy.includes(key)),
)}
${table("Deployment of services", ofDeploy)}`;
