import type { z } from "zod";
import type { ConfigSurface, FilesRead } from "../infra/config/parse";
import type { Problem } from "../infra/config/problem";
import { configSchema, Rotation, type FarmConfig, type FarmConfigInput } from "../infra/config/schema";
import { catalogOf, type Stacks } from "./catalog";
import { plansOf, readFiles } from "./plans";
import { bypassProblems } from "./bypass";
import { portProblems } from "./ports";
import { placementProblems } from "./contract/placement";
import { serviceProblems } from "./contract/services";

/** The configuration of a farm with a list of stacks, each under its name. */
export type ConfigOf<List extends Stacks> = Omit<FarmConfig, "rotate"> & {
  readonly [S in List[number] as S["name"]]: z.output<S["schema"]>;
} & {
  readonly rotate: FarmConfig["rotate"] & Readonly<Record<RotationOf<List[number]>, number>>;
};

/** The same before defaults are filled in. */
export type ConfigInputOf<List extends Stacks> = Omit<FarmConfigInput, "rotate"> & {
  readonly [S in List[number] as S["name"]]?: z.input<S["schema"]>;
} & {
  readonly rotate?: FarmConfigInput["rotate"] & Readonly<Partial<Record<RotationOf<List[number]>, number>>>;
};

type RotationOf<S> = S extends { readonly rotations?: infer R } ? keyof NonNullable<R> & string : never;

/**
 * The keys, rules and files of a farm with these stacks.
 *
 * @throws StackError
 */
export function surfaceOf<const List extends Stacks>(stacks: List): ConfigSurface<ConfigOf<List>> {
  catalogOf(stacks);
  const keys = Object.fromEntries(stacks.map(({ name, schema }) => [name, schema]));
  const rotations = stacks.flatMap(({ rotations = {} }) =>
    Object.entries(rotations).map(([key, what]) => [key, Rotation(what)] as const),
  );
  return {
    // TypeScript cannot infer the type of keys that a loop adds.
    schema: configSchema(keys, Object.fromEntries(rotations)) as unknown as z.ZodType<ConfigOf<List>>,
    problems: (config) => problems(stacks, config),
    read: (config, folder, secrets) => read(stacks, config, folder, secrets),
  };
}

function problems(stacks: Stacks, config: FarmConfig, files?: FilesRead["files"]): Problem[] {
  const values = valuesOf(config);
  const { hosts, network, nodes } = config;
  const context = { ...plansOf(stacks, values, files), hosts, network, nodes };
  return [
    ...portProblems(context.ports),
    ...bypassProblems(context),
    ...serviceProblems(context),
    ...placementProblems(context.placements, context.nodes),
    ...stacks.flatMap((stack) => stack.rules?.(values[stack.name], context) ?? []),
  ];
}

/** Plans from files are checked with the same rules; problems between keys were reported before. */
function read(stacks: Stacks, config: FarmConfig, folder: string, secrets: readonly string[]): FilesRead {
  const found = readFiles(stacks, valuesOf(config), folder, secrets);
  return { ...found, problems: [...found.problems, ...problems(stacks, config, found.files)] };
}

/** The values of a configuration by key. */
function valuesOf(config: object): Readonly<Record<string, unknown>> {
  return { ...config };
}
