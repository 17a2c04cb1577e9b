import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { load } from "js-yaml";

/** `swarm`: a service has `deploy`. */
export type Kind = "swarm" | "plain";

/** A compose file of somebody's repository. */
export interface CorpusFile {
  /** The repository's folder, absolute. */
  readonly repository: string;
  /** Relative to it. */
  readonly path: string;
  readonly kind: Kind;
}

/** So that no repository decides the figures. */
const mostOfOneKind = 8;

/** The compose files of a folder of repositories, each content once, at most 8 of a kind and repository. */
export function filesIn(corpus: string): readonly CorpusFile[] {
  const seen = new Set<string>();
  return repositoriesIn(corpus).flatMap((repository) => {
    const all = yamlBelow(repository).flatMap((path): CorpusFile[] => {
      const text = readFileSync(join(repository, path), "utf8");
      const kind = kindOf(text);
      const hash = createHash("sha256").update(text).digest("hex");
      if (kind === undefined || seen.has(hash)) return [];
      seen.add(hash);
      return [{ repository, path, kind }];
    });
    return (["swarm", "plain"] as const).flatMap((kind) =>
      all.filter((each) => each.kind === kind).slice(0, mostOfOneKind),
    );
  });
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

/** Undefined: no compose file with an image or a build. */
function kindOf(text: string): Kind | undefined {
  const services = entriesOf(entry(parsed(text), "services"));
  if (!services.some((service) => entry(service, "image") ?? entry(service, "build"))) return undefined;
  return services.some((service) => entry(service, "deploy") !== undefined) ? "swarm" : "plain";
}

function parsed(text: string): unknown {
  try {
    return load(text);
  } catch {
    return undefined;
  }
}

function entry(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function entriesOf(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}
