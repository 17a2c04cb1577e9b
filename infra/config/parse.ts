import { z } from "zod";
import { checkLaws } from "./laws";
import { allowed } from "./messages";
import { ConfigError, type Problem } from "./problem";
import { FarmConfig } from "./schema";
import { parseJson } from "./value";

/**
 * Checks shape first and the rules between fields after, and fills in defaults.
 *
 * @throws ConfigError
 */
export function parseConfig(raw: unknown): FarmConfig {
  const dropped = prototypeKeys(raw, []);
  if (dropped.length > 0) throw new ConfigError(dropped);
  const result = FarmConfig.safeParse(raw, { error: allowed });
  if (!result.success) throw new ConfigError(result.error.issues.flatMap((issue) => problemsOf(issue, raw)));
  const problems = checkLaws(result.data);
  if (problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

/** JavaScript's name for the prototype of an object, which zod leaves out of maps in silence. */
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

/**
 * Reads what `pulumi config --json` prints, for programs beside Pulumi's own.
 *
 * @throws ConfigError
 */
export function parsePulumiConfig(json: string): FarmConfig {
  const prefix = "swarm-farm:";
  const entries = Object.entries(PulumiConfig.parse(parseJson(json))).filter(([key]) => key.startsWith(prefix));
  return parseConfig(
    Object.fromEntries(
      entries.map(([key, { value, objectValue }]) => [key.slice(prefix.length), objectValue ?? value]),
    ),
  );
}

/** One issue of zod's in our form; an unknown key is told with its own path, and a value as it was given. */
function problemsOf(issue: z.core.$ZodIssue, raw: unknown): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: written([...path, key]),
      message: "is no known key; see docs/configuration.md",
    }));
  }
  const value = valueAt(raw, path);
  if (issue.code === "invalid_key")
    return [{ path: written(path), message: `'${path.at(-1) ?? ""}' is no key here; ${issue.message}` }];
  const got = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
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
