import { createRequire } from "node:module";
import { defineStack } from "../contract";
import { copiesOf } from "../contract/images";
import { Visualizer } from "./schema";

const load = createRequire(__filename);

/** The port of its page. */
export const pagePort = 8080;

/** A page that shows which task runs on which node. */
export const visualizer = defineStack({
  name: "visualizer",
  schema: Visualizer.optional(),
  images: { visualizer: "apps/visualizer/image" },
  routes: { visualizer: { path: "/visualizer/", login: true } },
  plan: ({ image }) => ({
    images: ["nginx", ...(image === undefined ? ["visualizer"] : [])],
    copies: copiesOf({ "visualizer.image": image }),
    targets: { visualizer: { kind: "service", service: "visualizer", port: pagePort } },
  }),
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});
