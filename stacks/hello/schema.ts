import { z } from "zod";
import { Port } from "../../infra/config/primitives";
import { asManyAsNodes, serviceKeys } from "../../infra/config/services";

/** The keys of `hello`. */
export const Hello = z
  .strictObject({
    replicas: asManyAsNodes,
    ...serviceKeys,
    port: Port.default(8080).describe("Published on every node by the routing mesh."),
  })
  .describe("The hello page.");

export type HelloConfig = z.infer<typeof Hello>;
