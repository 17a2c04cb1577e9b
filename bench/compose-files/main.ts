import { dirname, join, relative } from "node:path";
import { RecordingApi } from "../../tests/support/compose/recording-api";
import { stackDeploy } from "../../tests/support/compose/stack-deploy";
import { corpusOf, type CorpusFile, type Kind } from "./files";
import { giveFiles, problemsHere, variablesOf, type Folders } from "./here";
import { sum } from "../sum";

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
  const accepted = outcomes.filter(({ docker }) => docker === undefined);
  const rows = (["swarm", "plain"] as const).flatMap((kind) => [
    row(`${kind}, all`, ofKind(kind, outcomes), counted),
    row(`${kind}, all, by repository`, ofKind(kind, outcomes), meanOfRepositories),
    row(`${kind}, taken by docker`, ofKind(kind, accepted), counted),
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

function ofKind(kind: Kind, outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter((each) => each.kind === kind);
}

type Measure = (all: readonly Outcome[], isTaken: (one: Outcome) => boolean) => string;

function row(name: string, own: readonly Outcome[], measure: Measure): string {
  const here = (["none", "as added", "all"] as const).map((given) =>
    measure(own, (each) => each.here[given].length === 0),
  );
  return `| ${[name, own.length, measure(own, ({ docker }) => docker === undefined), ...here].join(" | ")} |`;
}

const percent = (part: number) => `${(100 * part).toFixed(0)} %`;

/** Each file counts the same. */
const counted: Measure = (all, isTaken) => {
  const { length } = all.filter(isTaken);
  return `${String(length)} (${percent(length / Math.max(1, all.length))})`;
};

/** Each repository counts the same, whose files often share a base: the mean of their shares. */
const meanOfRepositories: Measure = (all, isTaken) => {
  const repositories = [...new Set(all.map(({ repository }) => repository))];
  const shares = repositories.map((repository) => {
    const own = all.filter((each) => each.repository === repository);
    return own.filter(isTaken).length / own.length;
  });
  return percent(sum(shares) / Math.max(1, shares.length));
};
