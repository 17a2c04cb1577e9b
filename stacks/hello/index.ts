import { createRequire } from "node:module";
import { defineStack, recipesIn } from "../contract";
import { Hello } from "./schema";

const load = createRequire(__filename);

/** A page that names the node and the task that served it: the smallest stack. */
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
