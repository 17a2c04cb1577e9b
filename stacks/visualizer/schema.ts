import { z } from "zod";
import { ownImage } from "../../infra/config/services";

/** The keys of `visualizer`. */
export const Visualizer = z
  .strictObject({ image: ownImage("visualizer") })
  .describe("A live page that shows which task runs on which node. Default: not deployed.");

export type VisualizerConfig = z.infer<typeof Visualizer>;
