import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { documentOf, entriesOf, entry, itemsOf } from "./document";

const usualNames = ["docker-compose.yml", "docker-compose.yaml", "compose.yaml", "compose.yml"];

/**
 * The files that are deployed together where one of them is a part. A file is a part if its name ends in `override.yml`, or if Docker
 * Compose refuses it alone: a service has neither image nor build, or a network, volume, config or secret that a service names is
 * not in the file. Its base is the file with a usual name in its folder, or in the nearest folder around that has one.
 *
 * @returns the file alone where it is whole, or where only a name is missing and no base has it; undefined for a part without a base
 */
export function wholeOf(
  repository: string,
  path: string,
  document: unknown,
): readonly [string, ...string[]] | undefined {
  const isOverride = /override\.ya?ml$/.test(path);
  const needed = missingIn(document);
  if (!isOverride && needed.images.length + needed.names.length === 0) return [path];
  const base = baseOf(repository, path);
  const other = base === undefined ? undefined : documentOf(join(repository, base));
  const missing = missingIn(other === undefined ? document : merged(other, document));
  if (missing.images.length > 0) return undefined;
  if (base === undefined || other === undefined) return isOverride ? undefined : [path];
  const helps = isOverride || missing.names.length === 0 || needed.images.length > 0;
  return helps ? [base, path] : [path];
}

function baseOf(repository: string, path: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const found = usualNames.find((name) => name !== basename(path) && existsSync(join(repository, folder, name)));
    if (found !== undefined) return join(folder, found);
    if (folder === ".") return undefined;
  }
}

/** Enough of a merge to see what is missing. */
function merged(base: unknown, over: unknown): unknown {
  const keys = ["services", ...objects];
  return Object.fromEntries(
    keys.map((key) => {
      const all = [...entriesOf(entry(base, key)), ...entriesOf(entry(over, key))];
      const names = [...new Set(all.map(([name]) => name))];
      const both = (name: string) =>
        Object.assign({}, ...all.filter(([other]) => other === name).map(([, value]) => value)) as unknown;
      return [key, Object.fromEntries(names.map((name) => [name, both(name)]))];
    }),
  );
}

const objects = ["networks", "volumes", "configs", "secrets"] as const;

interface Missing {
  /** Services without image and build. */
  readonly images: readonly string[];
  /** Objects that services name and the file does not have. */
  readonly names: readonly string[];
}

function missingIn(document: unknown): Missing {
  const services = entriesOf(entry(document, "services"));
  const sources = ["image", "build", "extends", "provider"];
  const images = services.filter(([, service]) => sources.every((key) => entry(service, key) === undefined));
  const names = objects.flatMap((kind) => {
    const own = new Set(["default", ...entriesOf(entry(document, kind)).map(([name]) => name)]);
    const used = services.flatMap(([, service]) => namesIn(entry(service, kind), kind));
    return used.filter((name) => !own.has(name));
  });
  return { images: images.map(([name]) => name), names };
}

/** Networks may be a mapping; of volumes only those with a name count. */
function namesIn(value: unknown, kind: string): string[] {
  const names = [...entriesOf(value).map(([name]) => name), ...itemsOf(value).map(sourceOf)];
  return names.flatMap((name) => {
    if (name === undefined) return [];
    if (kind !== "volumes") return [name];
    const [source = "", target] = name.split(":");
    return target !== undefined && /^\w[\w.-]+$/.test(source) ? [source] : [];
  });
}

function sourceOf(item: unknown): string | undefined {
  if (typeof item === "string") return item;
  const source = entry(item, "source");
  if (typeof source !== "string") return undefined;
  const type = entry(item, "type") ?? "volume";
  return type === "volume" ? `${source}:` : source;
}
