import { farmRecipes } from "../infra/images/container";
import { backups } from "./backups/index";
import { composeStacks } from "./compose/index";
import { hello } from "./hello/index";
import { jobs } from "./jobs/index";
import { lamp } from "./lamp/index";
import type { Stack } from "./contract";
import { loadbalancer } from "./loadbalancer/index";
import { logs } from "./logs/index";
import { monitoring } from "./monitoring/index";
import { steward } from "./steward/index";
import { visualizer } from "./visualizer/index";

const own = [hello, lamp, visualizer, steward, backups, logs, jobs] as const;

/** The keys of one part of each stack; an entry that is no stack has none, and is refused by `catalogOf`. */
function keysOf(list: readonly (Stack | undefined)[], part: "routes" | "images"): readonly string[] {
  return list.flatMap((stack) => Object.keys(stack?.[part] ?? {}));
}

/** Every stack, in the order of deployment: each gets what the previous ones published. */
export const stacks = [
  ...own,
  composeStacks(
    keysOf([...own, monitoring], "routes"),
    [...Object.keys(farmRecipes), ...keysOf([...own, monitoring, loadbalancer], "images")].sort(),
  ),
  // After all that it scrapes.
  monitoring,
  loadbalancer,
] as const;
