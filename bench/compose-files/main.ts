import { dirname, join, relative } from "node:path";
import { RecordingApi } from "../../tests/support/compose/recording-api";
import { stackDeploy } from "../../tests/support/compose/stack-deploy";
import { corpusOf, type CorpusFile, type Kind } from "./files";
import { giveFiles, problemsHere, variablesOf, type Folders } from "./here";

interface Outcome extends CorpusFile {
  /** Why docker's client or daemon refuses it. */
  readonly docker: string | undefined;
  readonly here: Readonly<Record<Folders, readonly string[]>>;
}

const [corpus] = process.argv.slice(2);
if (corpus === undefined) throw new Error("name a folder of repositories, e.g. /tmp/corpus; files are written into it");
void measure(corpus);

async function measure(folder: string): Promise<void> {
  const { files, parts } = corpusOf(folder);
  const api = await RecordingApi.start();
  const outcomes: Outcome[] = [];
  for (const file of files) outcomes.push(await outcomeOf(file, api));
  await api.stop();
  for (const { repository, files, kind, docker, here } of outcomes) {
    const name = `${kind}\t${docker === undefined ? "docker takes" : "docker refuses"}\t${join(repository, files.join(" + "))}`;
    for (const problem of here.all) process.stdout.write(`${name}\t${problem}\n`);
    if (docker !== undefined && here.all.length === 0) process.stdout.write(`${name}\tonly docker: ${docker}\n`);
  }
  const repositories = new Set(files.map(({ repository }) => repository)).size;
  const merged = files.filter((file) => file.files.length > 1).length;
  process.stdout.write(
    `${table(outcomes)}${String(files.length)} files of ${String(repositories)} repositories, ${String(merged)} of them with their base; ` +
      `${String(parts.length)} parts without a base are left out:\n${parts.map((part) => `  ${part}\n`).join("")}`,
  );
}

async function outcomeOf(file: CorpusFile, api: RecordingApi): Promise<Outcome> {
  const variables = variablesOf(file);
  giveFiles(file, variables);
  const folder = join(file.repository, dirname(file.files[0]));
  const files = file.files.map((each) => relative(folder, join(file.repository, each)));
  const deployed = await stackDeploy(api, { folder, files, stack: "shop", variables });
  const here = (given: Folders) => problemsHere(file, variables, given);
  return {
    ...file,
    docker: deployed.accepted ? imageProblem(deployed.recorded.services) : deployed.message.split("\n").at(-1),
    here: { none: here("none"), "as added": here("as added"), all: here("all") },
  };
}

/** The client sends a service without an image, and the daemon refuses it. */
function imageProblem(services: ReadonlyMap<string, unknown>): string | undefined {
  const hasAll = [...services.values()].every((spec) => /"Image":"[^"]/.test(JSON.stringify(spec)));
  return hasAll ? undefined : "a service has no image";
}

function table(outcomes: readonly Outcome[]): string {
  const rows = (["swarm", "plain"] as const).flatMap((kind) => [
    row(kind, "all", outcomes),
    row(
      kind,
      "taken by docker",
      outcomes.filter(({ docker }) => docker === undefined),
    ),
  ]);
  const head = [
    "files",
    "in all",
    "docker",
    "here, as it is",
    "with the volumes of stack add",
    "with all folders given",
  ];
  return [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...rows, ""].join("\n");
}

function row(kind: Kind, name: string, all: readonly Outcome[]): string {
  const own = all.filter((each) => each.kind === kind);
  const share = (count: number) => `${String(count)} (${((100 * count) / Math.max(1, own.length)).toFixed(0)} %)`;
  const here = (["none", "as added", "all"] as const).map((given) =>
    share(own.filter((each) => each.here[given].length === 0).length),
  );
  const docker = share(own.filter(({ docker }) => docker === undefined).length);
  return `| ${[`${kind}, ${name}`, own.length, docker, ...here].join(" | ")} |`;
}
