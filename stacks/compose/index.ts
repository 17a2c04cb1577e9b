import { createRequire } from "node:module";
import { defineStack } from "../contract";
import { plan, rules } from "./plan";
import { read } from "./read";
import { Stacks, type StacksConfig } from "./schema";

const load = createRequire(__filename);

/**
 * Applications from compose files.
 *
 * @param taken   names of routes that other stacks have
 * @param recipes names of this repository's images
 */
export function composeStacks(used: readonly string[], recipes: readonly string[]) {
  return defineStack({
    name: "stacks",
    folder: "compose",
    schema: Stacks,
    plan: (config, _edge, applications) => plan(config, applications),
    rules: (config, context) => rules(config, context, used),
    read: (config: StacksConfig, folder: string, secrets: readonly string[]) => read(config, folder, secrets, recipes),
    deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
  });
}
