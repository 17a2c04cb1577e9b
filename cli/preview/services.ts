import { existsSync, readFileSync } from "node:fs";
import { replacementOf, replacementsWithin } from "../../infra/service/replacements";
import type { Context } from "../context/context";
import { hasBuiltDockerPlugin } from "../setup/toolchain/homes";
import { parseEvents, type Step } from "./events";
import { grouped } from "./grouped";
import type { Hide } from "./secrets";
import { parseUrn } from "./urn";
import { valueAt } from "./paths";

const service = "docker:index/service:Service";

const replaces = new Set(["replace", "create-replacement", "delete-replaced"]);

/**
 * The effect of a plan on requests to services, in words: services that are replaced, and those that restart their tasks although
 * nothing of a task changes.
 *
 * @param sortsEnv whether the docker plugin sends environment variables in one order
 */
export function serviceNotes(steps: readonly Step[], sortsEnv: boolean, hide: Hide): string[] {
  const services = grouped(
    steps.filter(({ urn }) => parseUrn(urn).type === service),
    ({ urn }) => urn,
  );
  return [...services.values()]
    .flatMap((its) => {
      const replaced = its.filter(({ op }) => replaces.has(op));
      if (replaced.length > 0) return replacedNote(replaced);
      return sortsEnv ? [] : its.filter(({ op }) => op === "update").flatMap(restartNote);
    })
    .sort()
    .map(hide);
}

/** The same of a preview's event log; of one that cannot be read nothing. */
export function serviceNotesIn(farm: Pick<Context, "environment" | "folders">, file: string): string[] {
  if (!existsSync(file)) return [];
  try {
    return serviceNotes(parseEvents(readFileSync(file, "utf8")).steps, hasBuiltDockerPlugin(farm), (text) => text);
  } catch {
    // The guard of data reads the log too, and refuses a log that is not whole.
    return [];
  }
}

function replacedNote(steps: readonly Step[]): string[] {
  const what = [...new Set(steps.flatMap(causes))].sort();
  const because = what.length === 0 ? "" : ` because of its ${what.join(" and its ")}`;
  return steps
    .slice(0, 1)
    .map(
      (step) =>
        `service '${nameOf(step)}' is deleted and created again${because}: ` +
        "requests to it fail from the end of its tasks until a new task is healthy",
    );
}

/**
 * The properties of a service that cause its replacement. For a change within a set the plugin reports `update`, and
 * `update-replace` for something else: if it replaces at all, each change counts. Without paths their first parts, the keys, are used.
 */
function causes(step: Step): string[] {
  const changed = Object.entries(step.detailedDiff ?? {});
  if (changed.length === 0) return (step.keys ?? []).flatMap((path) => replacementOf(path)?.what ?? []);
  if (!changed.some(([, { diffKind }]) => diffKind.endsWith("-replace"))) return [];
  const paths = changed.map(([path]) => path).filter((path) => isConfigured(step, path));
  const known = paths.flatMap((path) => replacementOf(path) ?? []);
  return (known.length > 0 ? known : paths.flatMap(replacementsWithin)).map(({ what }) => what);
}

/** For a service that is replaced, the plugin also reports values that it computes for the new one, e.g. its sysctls. */
function isConfigured({ old, new: next }: Step, path: string): boolean {
  const [property = ""] = path.split("[");
  return [old, next].some((state) => state && valueAt(state.inputs, property) !== undefined);
}

/** Swarm takes another order of variables for another task. */
function restartNote(step: Step): string[] {
  const [before, after] = [step.old?.inputs.taskSpec, step.new?.inputs.taskSpec];
  const env = valueAt(after ?? null, "containerSpec.env");
  const count = env !== null && typeof env === "object" ? Object.keys(env).length : 0;
  if (count < 2 || JSON.stringify(before) !== JSON.stringify(after)) return [];
  return [
    `service '${nameOf(step)}' restarts its tasks, though nothing of a task changes: ` +
      `the official docker plugin sends its ${String(count)} environment variables in random order`,
  ];
}

function nameOf({ old, new: next, urn }: Step): string {
  const name = (old ?? next)?.inputs.name;
  return typeof name === "string" ? name : parseUrn(urn).name;
}
