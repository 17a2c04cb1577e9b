import { composeKeys } from "../compose/keys/table";
import type { Key } from "../compose/keys/key";

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function row({ path, docker, outcome, reason, note, alternative, exceptions = [] }: Key): string {
  const accepted = exceptions.map(
    ({ values, reason: why }) => `${values.map((value) => `\`${value}\``).join(", ")} is taken: ${why}`,
  );
  const why = [reason ?? note, alternative, ...accepted].filter((part) => part !== undefined).join("; ");
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

A file is taken if all of it is understood, given what it needs besides: variables, files, external objects and folders. Measured on
2026-11-30 over 406 different files of 86 public repositories, by the same variables and files for docker and here
([how, and what is refused](../bench/compose-files/README.md)). They were read, not deployed; \`docker stack deploy\` is docker's client 28.2.2 with an API that records,
and takes what it drops with a warning, e.g. \`privileged\`.

| files | in all | taken by docker | taken here as they are | with the volumes that \`stack add\` writes | with all folders given |
| --- | --- | --- | --- | --- | --- |
| with \`deploy\`, for Swarm | 159 | 140 (88 %) | 129 (81 %) | 132 (83 %) | 151 (95 %) |
| of those that docker takes | 140 | 140 | 125 (89 %) | 128 (91 %) | 137 (98 %) |
| plain Compose files | 247 | 132 (53 %) | 158 (64 %) | 185 (75 %) | 213 (86 %) |
| of those that docker takes | 132 | 132 | 94 (71 %) | 115 (87 %) | 125 (95 %) |

What docker takes and is refused here is what Pulumi's Docker provider cannot set (\`template_driver\`), what a task on any node cannot have
and docker drops (\`privileged\`, \`devices\`, the network of another container), and files of more than 1 MB. Where a container
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
