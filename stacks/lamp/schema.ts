import { z } from "zod";
import { ImageReference, Port } from "../../infra/config/primitives";
import { ownImage, replicas, serviceKeys } from "../../infra/config/services";

/** The port of php-fpm in its container. */
export const fastcgiPort = 9000;

/** The port of nginx in its container. */
export const webPort = 8080;

/** The published port of nginx where no route leads to it. */
export const defaultPort = 8081;

/** The keys of `lamp`. */
export const Lamp = z
  .strictObject({
    contentDir: z
      .string()
      .min(1)
      .default("stacks/lamp/content")
      .describe(
        "A folder with `site` (the files to serve) and `nginx` (its configuration), relative to the repository. A changed file is one rolling update.",
      )
      .meta({ formerly: "content" }),
    port: Port.optional().describe(
      "A port of nginx that every node publishes; a route to it then has no `login`, `allow` or `rateLimit`. Default: none where the load balancer has a route to it, else 8081.",
    ),
    encryptOverlay: z
      .boolean()
      .default(false)
      .describe("Whether its traffic between nodes is encrypted (IPsec); docs/reliability.md has the cost.")
      .meta({ formerly: "encrypted" }),
    nginx: z
      .strictObject({ replicas: replicas(2), ...serviceKeys, image: ownImage("nginx") })
      .prefault({})
      .describe("The web server."),
    php: z
      .strictObject({ replicas: replicas(2), ...serviceKeys, image: ownImage("php") })
      .prefault({})
      .describe("php-fpm, on workers."),
    mysql: z
      .strictObject({ image: ownImage("mysql") })
      .prefault({})
      .describe('The database, on the node with the label `db: "true"`, with its data on a volume there.'),
    sessions: z
      .strictObject({
        store: z
          .enum(["shared", "task"])
          .optional()
          .describe(
            "`shared`: a valkey that all php tasks use. `task`: each php task keeps its own. Default: `shared` where php can have several tasks and has the farm's own image, else `task`.",
          ),
        memoryMiB: z
          .int()
          .min(4)
          .max(65_536)
          .default(32)
          .describe("What shared sessions may use; above it, those that were not used for longest end."),
      })
      .prefault({})
      .describe("php's sessions ([how](how-to/sessions.md))."),
    admin: z
      .strictObject({
        image: ImageReference.describe(
          "An image with a page for databases, e.g. adminer:5.4.1 or phpmyadmin:5.2.3-apache.",
        ),
        port: Port.default(8080).describe("The HTTP port of that image."),
      })
      .optional()
      .describe(
        "A page that administers the database, at the route `admin`. Server `mysql`, user `app`, password `./farm secret app`. Default: none.",
      ),
  })
  .describe("nginx, php-fpm and mysql. Default: not deployed.");

export type LampConfig = z.infer<typeof Lamp>;
