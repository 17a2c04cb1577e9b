import { z } from "zod";
import { Port } from "../../infra/config/primitives";
import { asManyAsNodes, serviceKeys } from "../../infra/config/services";

/** The port of the program in images/hello. */
export const containerPort = 8080;

/** The published port where no route leads to it. */
export const defaultPort = 8080;

/** The keys of `hello`. */
export const Hello = z
  .strictObject({
    replicas: asManyAsNodes,
    ...serviceKeys,
    port: Port.optional().describe(
      "Published on every node by the routing mesh; a route to it then has no `login`, `allow` or `rateLimit`. Default: none where the load balancer has a route to it, else 8080.",
    ),
  })
  .describe("The hello page.");

export type HelloConfig = z.infer<typeof Hello>;
