import { hello } from "./hello/index";
import { lamp } from "./lamp/index";
import { loadbalancer } from "./loadbalancer/index";
import { steward } from "./steward/index";
import { visualizer } from "./visualizer/index";

/** Every stack, in the order in which they are deployed: each sees what those before it published. */
export const stacks = [hello, lamp, visualizer, steward, loadbalancer] as const;
