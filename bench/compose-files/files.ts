import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { documentOf, entriesOf, entry } from "./document";
import { wholeOf } from "./parts";

/** `swarm`: a service has `deploy`. */
export type Kind = "swarm" | "plain";

/** A compose file of somebody's repository, after the file that it is a part of, if it is one. */
export interface CorpusFile {
  /** The repository's folder, absolute. */
  readonly repository: string;
  /** Relative to it. */
  readonly files: readonly [string, ...string[]];
  readonly kind: Kind;
}

/** A folder of repositories. */
export interface Corpus {
  readonly files: readonly CorpusFile[];
  /** Parts of files that are not given with them, each as `repository/path`. */
  readonly parts: readonly string[];
}

/** So that no repository decides the figures. */
const mostOfOneKind = 8;

/** The compose files of a folder of repositories, each content once, at most 8 of a kind and repository. */
export function corpusOf(folder: string): Corpus {
  const seen = new Set<string>();
  const parts: string[] = [];
  const files = repositoriesIn(folder).flatMap((repository) => {
    const all = yamlBelow(repository).flatMap((path): CorpusFile[] => {
      const text = readFileSync(join(repository, path), "utf8");
      const document = text.includes("services") ? documentOf(join(repository, path)) : undefined;
      if (!isCompose(document)) return [];
      const whole = wholeOf(repository, path, document);
      const texts = (whole ?? [path]).map((each) => readFileSync(join(repository, each), "utf8"));
      const hash = createHash("sha256").update(texts.join("\0")).digest("hex");
      if (seen.has(hash)) return [];
      seen.add(hash);
      if (whole !== undefined) return [{ repository, files: whole, kind: kindOf(repository, whole) }];
      parts.push(join(repository, path));
      return [];
    });
    return (["swarm", "plain"] as const).flatMap((kind) =>
      all.filter((each) => each.kind === kind).slice(0, mostOfOneKind),
    );
  });
  return { files, parts };
}

function repositoriesIn(corpus: string): string[] {
  const folders = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => join(corpus, name)).sort();
}

function yamlBelow(repository: string): string[] {
  const entries = readdirSync(repository, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => relative(repository, join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(node_modules|\.git|\.github)\//.test(path))
    .sort();
}

/** Whether a service has an image or a build. */
function isCompose(document: unknown): boolean {
  return entriesOf(entry(document, "services")).some(
    ([, service]) => entry(service, "image") ?? entry(service, "build"),
  );
}

function kindOf(repository: string, files: readonly string[]): Kind {
  const services = files.flatMap((file) => entriesOf(entry(documentOf(join(repository, file)), "services")));
  return services.some(([, service]) => entry(service, "deploy") !== undefined) ? "swarm" : "plain";
}
