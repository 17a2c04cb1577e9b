import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { load } from "js-yaml";
import * as zod from "zod";
import type { Stacks } from "../../stacks/catalog";
import { record, valueOf, type Registered } from "./mocks";
import { repository, sources } from "./sources";

export { repository } from "./sources";

/** Modules that index.ts imports, directly or not: none does anything, or keeps anything, when it is loaded. */
const parts: readonly (readonly [name: string, part: unknown])[] = [
  ["@pulumi/pulumi", pulumi],
  // SDKs load the class of a resource, and this with it, when they are asked for one.
  ["@pulumi/pulumi/runtime", pulumi.runtime],
  ...sources("infra", "stacks").map(({ path }): [string, unknown] => {
    const name = join(repository, path.replace(/\.ts$/, ""));
    return [name, jest.requireActual(name)];
  }),
];

const StackFile = zod.object({ config: zod.record(zod.string(), zod.unknown()) });
const prefix = "swarm-farm:";

/** The configuration of a stack file, without the project's name before every key. */
export function stackConfig(file: string): Record<string, unknown> {
  const { config } = StackFile.parse(load(readFileSync(join(repository, file), "utf8")));
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(prefix, ""), value]));
}

export interface Run {
  readonly resources: readonly Registered[];
  readonly outputs: Outputs;
  /** The names of the outputs that are secret. */
  readonly secretOutputs: readonly string[];
}

type Outputs = Readonly<Record<string, unknown>>;

/**
 * Runs index.ts as Pulumi would, for one stack and its configuration.
 *
 * @param list in place of stacks/index.ts. Default: that
 */
export async function runProgram(config: Record<string, unknown>, stack = "dev", list?: Stacks): Promise<Run> {
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`${prefix}${key}`, asText(value)])),
  );
  process.env.XDG_CACHE_HOME = "/cache";
  process.env.XDG_STATE_HOME = "/state";
  let exported: Outputs = {};
  const resources = await record(
    () => {
      jest.isolateModules(() => {
        // The page again, on what was loaded before: to load all that again would take most of the time.
        for (const [name, part] of parts) jest.doMock(name, () => part);
        if (list) jest.doMock(join(repository, "stacks", "index"), () => ({ stacks: list }));
        exported = { ...jest.requireActual<Outputs>("../../index") };
      });
    },
    { stack },
  );
  const secret = await Promise.all(
    Object.entries(exported).map(async ([name, value]) =>
      (await pulumi.isSecret(pulumi.output(value))) ? [name] : [],
    ),
  );
  return { resources, outputs: await valueOf(exported), secretOutputs: secret.flat() };
}

/** How Pulumi hands a value of a stack file over. */
function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
