import { createRequire } from "node:module";
import { defineStack, recipesIn } from "../contract/contract";
import { Hello } from "./schema";

const load = createRequire(__filename);

/** A page that names the node and the task it comes from: the smallest thing that shows a swarm at work. */
export const hello = defineStack({
  name: "hello",
  schema: Hello.prefault({}),
  images: recipesIn(__dirname, "hello"),
  routes: { hello: { path: "/hello/" } },
  plan: (config) => ({
    images: ["hello"],
    ports: [{ service: "hello", port: config.port, key: "hello.port" }],
    targets: { hello: { kind: "http", port: config.port } },
    services: { hello: config },
  }),
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});
