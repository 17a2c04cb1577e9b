import { readdirSync } from "node:fs";
import { join } from "node:path";
import { configSchema, farmRotations } from "../infra/config/schema";
import { farmRecipes, type Recipes } from "../infra/images/container";
import type { Stack } from "./contract";
import { StackError } from "./contract/error";
import type { RouteDefault } from "./contract/routes";

/** A list of stacks, as stacks/index.ts has it. */
export type Stacks = readonly Stack[];

/** Names that stacks share; each has one owner. */
export interface Catalog {
  /** The farm's own recipes and those of every stack. */
  readonly recipes: Recipes;
  /** Routes of every stack, deployed or not. */
  readonly routes: Readonly<Record<string, RouteDefault>>;
}

const reservedKeys = Object.keys(configSchema().shape);

/** The folder below stacks/ that is no stack's: the contract, and what several stacks share. */
const shared = "contract";

/**
 * Collects the names that stacks share.
 *
 * @throws StackError for an entry that is no stack, and for a name that two stacks have
 */
export function catalogOf(stacks: Stacks): Catalog {
  for (const [index, stack] of stacks.entries())
    if (!isStack(stack))
      throw new StackError(
        `entry ${String(index + 1)} of stacks/index.ts is no stack; export it from its folder with defineStack({ name, schema, deploy })`,
      );
  for (const { name } of stacks)
    if (reservedKeys.includes(name))
      throw new StackError(`a stack has the name '${name}', which is a key of the farm's own; rename the stack`);
  unique(stacks, "name", ({ name }) => [name]);
  unique(stacks, "key of rotate", ({ rotations = {} }) => Object.keys(rotations), Object.keys(farmRotations));
  unique(stacks, "route", ({ routes = {} }) => Object.keys(routes));
  unique(stacks, "image", ({ images = {} }) => Object.keys(images), Object.keys(farmRecipes));
  return {
    recipes: Object.assign({}, farmRecipes, ...stacks.map(({ images }) => images)) as Recipes,
    routes: Object.assign({}, ...stacks.map(({ routes }) => routes)) as Catalog["routes"],
  };
}

/**
 * Folders with TypeScript below stacks/ that no stack of the list has, each as a message; that of the contract is not one.
 *
 * @param folder stacks/ itself. Default: that of this repository
 */
export function foldersWithoutStack(stacks: Stacks, folder = __dirname): string[] {
  const names = new Set([shared, ...stacks.map(({ name, folder: own = name }) => own)]);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !names.has(entry.name))
    .filter(({ name }) => readdirSync(join(folder, name)).some((file) => file.endsWith(".ts")))
    .map(
      ({ name }) =>
        `stacks/${name} has no stack; export one from stacks/${name}/index.ts with defineStack({ name: "${name}", … }) and list it in stacks/index.ts`,
    );
}

/** A check at run time: Pulumi does not type-check a program. */
function isStack(entry: unknown): entry is Stack {
  return (
    typeof entry === "object" &&
    entry !== null &&
    "name" in entry &&
    typeof entry.name === "string" &&
    "schema" in entry &&
    "deploy" in entry &&
    typeof entry.deploy === "function"
  );
}

function unique(
  stacks: Stacks,
  noun: string,
  namesOf: (stack: Stack) => readonly string[],
  used: readonly string[] = [],
): void {
  const owners = new Map(used.map((name) => [name, "the farm"]));
  for (const stack of stacks)
    for (const name of namesOf(stack)) {
      const owner = owners.get(name);
      if (owner !== undefined)
        throw new StackError(
          noun === "name"
            ? `two stacks have the name '${name}'; rename the folder and the name of one of them`
            : `${owner} and stack '${stack.name}' both have the ${noun} '${name}'; rename it in one of them`,
        );
      owners.set(name, `stack '${stack.name}'`);
    }
}
