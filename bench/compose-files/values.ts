import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { documentOf, entriesOf, itemsOf } from "./document";
import type { CorpusFile } from "./files";

/** Names of files with variables that repositories have beside a compose file. */
const settings = [".env", ".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", "example.env"];

/** The text beside a reference to a variable, and where it stands: `services.*.image`. */
interface Use {
  readonly name: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/**
 * The same values for docker and the farm: what the repository's own file of variables has, otherwise a value that fits
 * the place where the variable stands, e.g. a path for a bind. Each has another number, so that no port is published twice.
 */
export function valuesOf(
  { repository, files }: Pick<CorpusFile, "repository" | "files">,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const folder = join(repository, dirname(files[0]));
  const own = settings.map((name) => join(folder, name)).find((path) => existsSync(path));
  const written = own === undefined ? {} : parseEnv(readFileSync(own, "utf8"));
  // An empty one is for people to fill in.
  const given = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== ""));
  const uses = files.flatMap((file) => usesIn(documentOf(join(repository, file)), []));
  return Object.fromEntries(
    names.map((name, index) => {
      const number = 20_001 + index;
      const ofName = uses.filter((use) => use.name === name);
      const fitting = ofName.flatMap((use) => valueAt(use, number) ?? [])[0];
      return [name, given[name] ?? (name === "PWD" ? "." : undefined) ?? fitting ?? String(number)];
    }),
  );
}

function usesIn(value: unknown, path: readonly string[]): readonly Use[] {
  if (typeof value === "string") return usesOf(value, path.join("."));
  const items = itemsOf(value).flatMap((item) => usesIn(item, [...path.slice(0, -1), `${path.at(-1) ?? ""}[]`]));
  // The second key is a name that the file chooses.
  const entries = entriesOf(value).flatMap(([key, each]) => usesIn(each, [...path, path.length === 1 ? "*" : key]));
  return [...items, ...entries];
}

function usesOf(text: string, path: string): readonly Use[] {
  return [...text.matchAll(/\$\{?([A-Za-z_]\w*)(?:[^}$]*\})?/g)].map(({ 0: whole, 1: name = "", index }) => {
    const [reference] = whole.startsWith("${") ? [whole] : [`$${name}`];
    return { name, path, before: text.slice(0, index), after: text.slice(index + reference.length) };
  });
}

type Value = string | ((use: Use, number: number) => string);

/** Values by the last keys of the place; what is not here takes any text. */
const values: readonly (readonly [path: RegExp, value: Value])[] = [
  [/^services\.\*\.image$/, imageAt],
  [/^services\.\*\.build$|\.build\.context$/, "."],
  [/^services\.\*\.(volumes|tmpfs)\[\](\.(source|target))?$/, pathAt],
  [/^services\.\*\.volumes\[\]\.type$/, "bind"],
  [/driver_opts\.(device|o)$|\.working_dir$/, pathAt],
  [/^(configs|secrets)\.\*\.file$|\.env_file(\[\](\.path)?)?$/, (_use, number) => `given-${String(number)}.txt`],
  [/^services\.\*\.restart$/, "unless-stopped"],
  [/\.restart_policy\.condition$/, "any"],
  [/\.(interval|timeout|start_period|start_interval|delay|window|monitor|stop_grace_period)$/, "10s"],
  [/\.(memory|mem_limit|mem_reservation|shm_size|memswap_limit)$/, ({ after }) => (after === "" ? "256M" : "256")],
  [/\.cpus$/, "0.5"],
  [/\.(replicas|scale|parallelism|max_attempts|retries|max_replicas_per_node|pids)$/, "2"],
  [/\.max_failure_ratio$/, "0.1"],
  [/\.(read_only|tty|stdin_open|privileged|internal|attachable|init|disable|nocopy)$/, "false"],
  [/\.external$/, "true"],
  [/\.subnet$/, ({ after }) => (after === "" ? "10.99.0.0/24" : "10.99")],
  [/\.(dns|extra_hosts|ipv4_address)(\[\])?$/, "10.0.0.53"],
  [/\.deploy\.mode$/, "replicated"],
  [/\.endpoint_mode$/, "vip"],
  [/\.order$/, "stop-first"],
  [/\.failure_action$/, "pause"],
  [/\.ports\[\]\.mode$/, "ingress"],
  [/\.protocol$/, "tcp"],
  [/\.network_mode$/, "bridge"],
  [/\.pull_policy$/, "missing"],
  [/\.platform$/, "linux/amd64"],
  [/^networks\.\*\.driver$/, "overlay"],
  [/^volumes\.\*\.driver$/, "local"],
  [/\.logging\.driver$/, "json-file"],
];

function valueAt(use: Use, number: number): string | undefined {
  const value = values.find(([pattern]) => pattern.test(use.path))?.[1];
  return typeof value === "function" ? value(use, number) : value;
}

/** Options, a whole path, or a part of one. */
function pathAt({ before }: Use, number: number): string {
  const plain = before.replaceAll(/\$\{[^}]*\}/g, "x");
  if (plain.split(":").length > 2) return "rw";
  const name = `given-${String(number)}`;
  return /(^|[:=])$/.test(plain) ? `/srv/${name}` : name;
}

/** A tag, a digest, a registry, or a name. */
function imageAt({ before, after }: Use): string {
  const inName = before.replaceAll(/\$\{[^}]*\}/g, "x").replace(/^.*\//, "");
  if (before.endsWith("@")) return `sha256:${"0".repeat(64)}`;
  if (inName.includes(":")) return "1.0";
  if (before !== "") return "app";
  if (after === "") return "registry.example/team/app:1.0";
  if (after.startsWith("/")) return "registry.example";
  return /^[:@]/.test(after) ? "registry.example/team/app" : "registry.example/";
}
