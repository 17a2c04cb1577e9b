import { hello } from "./hello/index";
import { lamp } from "./lamp/index";
import { loadbalancer } from "./loadbalancer/index";
import { steward } from "./steward/index";
import { visualizer } from "./visualizer/index";

/** Every stack, in the order of deployment: each gets what the previous ones published. */
export const stacks = [hello, lamp, visualizer, steward, loadbalancer] as const;
