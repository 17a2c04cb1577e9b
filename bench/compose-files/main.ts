import { dirname } from "node:path";
import { RecordingApi } from "../../tests/support/compose/recording-api";
import { stackDeploy } from "../../tests/support/compose/stack-deploy";
import { filesIn, type CorpusFile, type Kind } from "./files";
import { giveFiles, problemsHere, variablesOf, type Folders } from "./here";

interface Outcome extends CorpusFile {
  readonly docker: boolean;
  readonly here: Readonly<Record<Folders, readonly string[]>>;
}

const [corpus] = process.argv.slice(2);
if (corpus === undefined) throw new Error("name a folder of repositories, e.g. /tmp/corpus; files are written into it");
void measure(corpus);

async function measure(folder: string): Promise<void> {
  const api = await RecordingApi.start();
  const outcomes: Outcome[] = [];
  for (const file of filesIn(folder)) outcomes.push(await outcomeOf(file, api));
  await api.stop();
  for (const { repository, path, docker, here } of outcomes)
    for (const problem of here["volumes and :ro"])
      process.stdout.write(`${docker ? "docker takes " : "docker refuses "}${repository}/${path}\t${problem}\n`);
  process.stdout.write(table(outcomes));
}

async function outcomeOf(file: CorpusFile, api: RecordingApi): Promise<Outcome> {
  const files: [string] = [file.path];
  const input = { folder: file.repository, files };
  const variables = variablesOf(input);
  giveFiles(input, variables);
  const at = `${file.repository}/${dirname(file.path)}`;
  const name = file.path.slice(dirname(file.path) === "." ? 0 : dirname(file.path).length + 1);
  const deployed = await stackDeploy(api, { folder: at, files: [name], stack: "shop", variables });
  const here = (given: Folders) => problemsHere(input, variables, given);
  return {
    ...file,
    docker: deployed.accepted && hasImages(deployed.recorded.services),
    here: { none: here("none"), volumes: here("volumes"), "volumes and :ro": here("volumes and :ro") },
  };
}

/** The client sends a service without an image, and the daemon refuses it. */
function hasImages(services: ReadonlyMap<string, unknown>): boolean {
  return [...services.values()].every((spec) => /"Image":"[^"]/.test(JSON.stringify(spec)));
}

function table(outcomes: readonly Outcome[]): string {
  const rows = (["swarm", "plain"] as const).flatMap((kind) => [
    row(kind, "all", outcomes),
    row(
      kind,
      "taken by docker",
      outcomes.filter(({ docker }) => docker),
    ),
  ]);
  const head = ["files", "in all", "docker", "here", "with the volumes of stack add", "with ':ro' for others"];
  return [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...rows, ""].join("\n");
}

function row(kind: Kind, name: string, all: readonly Outcome[]): string {
  const own = all.filter((each) => each.kind === kind);
  const share = (count: number) => `${String(count)} (${((100 * count) / Math.max(1, own.length)).toFixed(0)} %)`;
  const here = (["none", "volumes", "volumes and :ro"] as const).map((given) =>
    share(own.filter((each) => each.here[given].length === 0).length),
  );
  return `| ${[`${kind}, ${name}`, own.length, share(own.filter(({ docker }) => docker).length), ...here].join(" | ")} |`;
}
