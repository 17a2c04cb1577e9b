import { farmRecipes } from "../infra/images/container";
import { composeStacks } from "./compose/index";
import { hello } from "./hello/index";
import { lamp } from "./lamp/index";
import type { Stack } from "./contract";
import { loadbalancer } from "./loadbalancer/index";
import { steward } from "./steward/index";
import { visualizer } from "./visualizer/index";

const own = [hello, lamp, visualizer, steward] as const;

/** Every stack, in the order of deployment: each gets what the previous ones published. */
export const stacks = [
  ...own,
  composeStacks(
    own.flatMap(({ routes = {} }: Stack) => Object.keys(routes)),
    [farmRecipes, ...[...own, loadbalancer].map(({ images = {} }: Stack) => images)].flatMap(Object.keys).sort(),
  ),
  loadbalancer,
] as const;
