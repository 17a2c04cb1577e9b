import { describe, place, type ComposeApplication, type ComposeService, type VariableValue } from "../../compose";
import type { Problem } from "../../infra/config/problem";
import { recipeOf } from "../../infra/images/built";
import { readApplication } from "../../infra/compose/read";
import type { Read } from "../contract";
import type { StackConfig, StacksConfig } from "./schema";

/** Applications by the stack's name. */
export type Applications = Readonly<Record<string, ComposeApplication>>;

/** The files of a stack. */
export function filesOf({ file }: StackConfig): readonly [string, ...string[]] {
  const [first = "", ...others] = typeof file === "string" ? [file] : file;
  return [first, ...others];
}

/** Whether a variable of the configuration is secret, or in something that is. */
export function isSecretVariable(stack: string, variable: string, secrets: readonly string[]): boolean {
  const path = `stacks.${stack}.variables.${variable}`;
  return secrets.some((secret) => path === secret || path.startsWith(`${secret}.`));
}

/**
 * Reads the compose files of all stacks.
 *
 * @param recipes names of this repository's images
 */
export function read(
  config: StacksConfig,
  folder: string,
  secrets: readonly string[],
  recipes: readonly string[],
): Read<Applications> {
  const all = Object.entries(config).map(([name, stack]) => {
    const variables = Object.entries(stack.variables).map(([variable, value]): [string, VariableValue] => [
      variable,
      isSecretVariable(name, variable, secrets) ? { kind: "secret" } : { kind: "plain", value },
    ]);
    const found = readApplication({
      name,
      folder,
      files: filesOf(stack),
      variables: Object.fromEntries(variables),
      profiles: stack.profiles,
      folders: stack.folders,
    });
    return { name, stack, found };
  });
  return {
    files: Object.fromEntries(
      all.flatMap(({ name, found }) => (found.kind === "application" ? [[name, found.application]] : [])),
    ),
    problems: all.flatMap(({ name, stack, found }): Problem[] => {
      if (found.kind === "refused")
        return found.problems.map((each) => ({ path: `stacks.${name}`, message: describe(each) }));
      const { services } = found.application;
      return [
        ...byLine(services).flatMap((service) => imageProblems(name, service, recipes)),
        ...baseProblems(name, services, recipes),
        ...routeProblems(name, stack, services),
      ];
    }),
  };
}

function byLine(services: readonly ComposeService[]): ComposeService[] {
  return [...services].sort((a, b) => a.at.file.localeCompare(b.at.file) || a.at.line - b.at.line);
}

/** Where a service names its image, for messages. */
export function imagePlace({ key, at, places }: ComposeService): string {
  return `${place(places.get("image") ?? at)}: services.${key}.image`;
}

/** An image without a version is another one every day. */
function imageProblems(stack: string, service: ComposeService, recipes: readonly string[]): Problem[] {
  const { image, build } = service;
  const problem = (reason: string) => [{ path: `stacks.${stack}`, message: `${imagePlace(service)}: ${reason}` }];
  // The name of what is built says nothing of what is in it.
  if (build) return [];
  const own = ownProblem(image, recipes);
  if (own !== undefined) return problem(own);
  if (recipeOf(image) !== undefined || /@sha256:[0-9a-f]{64}$/.test(image)) return [];
  const tag = /:([\w.-]+)$/.exec(image)?.[1];
  if (tag !== undefined && tag !== "latest") return [];
  return problem(
    `'${image}' has ${tag === undefined ? "no tag" : "the tag 'latest'"}, which is another image every day; name a version or a digest`,
  );
}

/** What Dockerfiles begin with; that of several services counts once. */
function baseProblems(stack: string, services: readonly ComposeService[], recipes: readonly string[]): Problem[] {
  const messages = services.flatMap(({ build }) =>
    (build?.bases ?? []).flatMap(({ image, at }) => {
      const problem = ownProblem(image, recipes);
      return problem === undefined ? [] : [`${place(at)}: ${problem}`];
    }),
  );
  return [...new Set(messages)].map((message) => ({ path: `stacks.${stack}`, message }));
}

/** Why an image that has the name of the farm's own is none; undefined for one that is, and for others. */
function ownProblem(image: string, recipes: readonly string[]): string | undefined {
  const [, name = ""] = /^swarm-farm\/([^:@]*)/.exec(image) ?? [];
  if (!image.startsWith("swarm-farm/")) return undefined;
  const known = recipes.map((recipe) => `swarm-farm/${recipe}`).join(", ");
  if (!recipes.includes(name)) return `'${image}' is no image of this repository's recipes; they are ${known}`;
  return recipeOf(image) === undefined
    ? `'${image}': the images of this repository's recipes have no tags; write 'swarm-farm/${name}'`
    : undefined;
}

function routeProblems(stack: string, { routes }: StackConfig, services: readonly ComposeService[]): Problem[] {
  const keys = services.map(({ key }) => key);
  return Object.entries(routes)
    .filter(([, { service }]) => !keys.includes(service))
    .map(([name, { service }]) => ({
      path: `stacks.${stack}.routes.${name}.service`,
      message: `is '${service}', which the compose file does not have; services: ${keys.map((key) => `'${key}'`).join(", ")}`,
    }));
}
