import { createRequire } from "node:module";
import { defineStack, recipesIn } from "../contract";
import { publishedPort, webTarget } from "../contract/routes";
import { containerPort, defaultPort, Hello } from "./schema";

const load = createRequire(__filename);

/** A page that names the node and the task that served it: the smallest stack. */
export const hello = defineStack({
  name: "hello",
  schema: Hello.prefault({}),
  images: recipesIn(__dirname, "hello"),
  routes: { hello: { path: "/hello/" } },
  plan: (config, edge) => {
    const port = publishedPort(config.port, defaultPort, edge, "hello");
    return {
      images: ["hello"],
      ports: port === undefined ? [] : [{ service: "hello", port, key: "hello.port" }],
      targets: { hello: webTarget(port, "hello", containerPort) },
      services: { hello: config },
    };
  },
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});
