import { z } from "zod";
import { ownImage } from "../../infra/config/services";

/** The keys of `visualizer`. */
export const Visualizer = z
  .strictObject({ image: ownImage("visualizer") })
  .describe("A page that shows who runs where, now. Default: not deployed.");

export type VisualizerConfig = z.infer<typeof Visualizer>;
