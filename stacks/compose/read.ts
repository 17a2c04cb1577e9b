import {
  describe,
  hostNetwork,
  formatKey,
  formatPosition,
  type ComposeApplication,
  type ComposeService,
  type VariableValue,
} from "../../compose";
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

/** The farm's own images are named by their recipes. */
function imageProblems(stack: string, service: ComposeService, recipes: readonly string[]): Problem[] {
  const { image, build } = service;
  // The name of what is built says nothing of what is in it.
  if (build) return [];
  const own = ownProblem(image, recipes);
  return own === undefined ? [] : [{ path: `stacks.${stack}`, message: `${formatKey(service, "image")}: ${own}` }];
}

/** Base images of Dockerfiles; one of several services counts once. */
function baseProblems(stack: string, services: readonly ComposeService[], recipes: readonly string[]): Problem[] {
  const messages = services.flatMap(({ build }) =>
    (build?.bases ?? []).flatMap(({ image, at }) => {
      const problem = ownProblem(image, recipes);
      return problem === undefined ? [] : [`${formatPosition(at)}: ${problem}`];
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
  return Object.entries(routes).flatMap(([name, { service }]): Problem[] => {
    const message = routeProblem(service, services);
    return message === undefined ? [] : [{ path: `stacks.${stack}.routes.${name}.service`, message }];
  });
}

function routeProblem(key: string, services: readonly ComposeService[]): string | undefined {
  const service = services.find((each) => each.key === key);
  const keys = services.map((each) => `'${each.key}'`).join(", ");
  if (service === undefined) return `is '${key}', which the compose file does not have; services: ${keys}`;
  const host = service.networks.find(({ name }) => name === hostNetwork);
  return host === undefined
    ? undefined
    : `is '${key}', which is on the node's network (${formatPosition(host.at)}) and so on none with the load balancer; remove the one or the other`;
}
