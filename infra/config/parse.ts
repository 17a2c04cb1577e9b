import { z } from "zod";
import { allowed } from "./messages";
import { isCredential, keysAt, nearest, renamedKey } from "./nearest";
import { ConfigError, type Problem } from "./problem";
import { farmProblems } from "./rules";
import type { FarmConfig } from "./schema";
import { parseJson } from "./value";

/** The farm's own keys, together with those of the stacks. */
export interface ConfigSurface<Config extends FarmConfig = FarmConfig> {
  readonly schema: z.ZodType<Config>;
  /** Problems between keys, besides the farm's own rules. */
  problems(config: Config): readonly Problem[];
  /**
   * Reads the files that the configuration names.
   *
   * @param folder  to which their paths are relative
   * @param secrets paths of values that are secret, e.g. `stacks.shop.variables.TOKEN`
   */
  read(config: Config, folder: string, secrets: readonly string[]): FilesRead;
}

/** The files that a configuration names, by the key of the stack that uses them, and problems with them. */
export interface FilesRead {
  readonly files: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/**
 * Checks types and ranges, then the rules between keys, and fills in defaults.
 *
 * @throws ConfigError
 */
export function parseWith<Config extends FarmConfig>(raw: unknown, surface: ConfigSurface<Config>): Config {
  const dropped = prototypeKeys(raw, []);
  if (dropped.length > 0) throw new ConfigError(dropped);
  const result = surface.schema.safeParse(raw, { error: allowed });
  if (!result.success)
    throw new ConfigError(result.error.issues.flatMap((issue) => problemsOf(issue, raw, surface.schema)));
  const problems = [...farmProblems(result.data), ...surface.problems(result.data)];
  if (problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

/** JavaScript's name for the prototype of an object; zod drops it from maps without an error. */
const prototypeKey = "__proto__";

function prototypeKeys(raw: unknown, path: readonly string[]): Problem[] {
  if (typeof raw !== "object" || raw === null) return [];
  return Object.entries(raw).flatMap(([key, value]) =>
    key === prototypeKey
      ? [{ path: written([...path, key]), message: `'${key}' is no key here; choose another name` }]
      : prototypeKeys(value, [...path, key]),
  );
}

const PulumiConfig = z.record(
  z.string(),
  z.object({ value: z.string().optional(), objectValue: z.unknown().optional() }),
);

/** Keys and values from the output of `pulumi config --json`, without the project's name. */
export function rawOf(json: string): Record<string, unknown> {
  const prefix = "swarm-farm:";
  const entries = Object.entries(PulumiConfig.parse(parseJson(json))).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(
    entries.map(([key, { value, objectValue }]) => [key.slice(prefix.length), objectValue ?? value]),
  );
}

/** The problems of one zod issue; an unknown key is reported at its own path, a value as it was given. */
function problemsOf(issue: z.core.$ZodIssue, raw: unknown, schema: z.ZodType): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => {
      const renamed = renamedKey(schema, path, key);
      if (renamed !== undefined)
        return {
          path: written([...path, key]),
          message: `is now called '${renamed}'; rename the key, its value stays as it is`,
        };
      // In a union the same key may be known to another variant: it is no suggestion.
      const near = nearest(
        key,
        known.filter((each) => each !== key),
      );
      const hint = near === undefined ? "" : `; the nearest is '${near}'`;
      return { path: written([...path, key]), message: `is no known key${hint}; see docs/configuration.md` };
    });
  }
  const value = valueAt(raw, path);
  if (issue.code === "invalid_key")
    return [{ path: written(path), message: `'${path.at(-1) ?? ""}' is no key here; ${issue.message}` }];
  const shown = isCredential(schema, path) ? "a secret that is not shown" : JSON.stringify(value);
  const got = value === undefined ? "is missing" : `is ${shown}`;
  return [{ path: written(path), message: `${got}; ${issue.message}` }];
}

function written(path: readonly string[]): string {
  return path.join(".") || "(top)";
}

function valueAt(raw: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Object.entries(at).find(([k]) => k === key)?.[1] : undefined),
    raw,
  );
}
