import { z } from "zod";
import { ImageReference, Port } from "../../infra/config/primitives";
import { ownImage, replicas, serviceKeys } from "../../infra/config/services";

/** Where php is published for a reverse proxy that speaks FastCGI. */
export const fastcgiPort = 9000;

/** The keys of `lamp`. */
export const Lamp = z
  .strictObject({
    contentDir: z
      .string()
      .min(1)
      .default("stacks/lamp/content")
      .describe(
        "The folder with `site` (what is served) and `nginx` (its configuration), relative to the repository. A changed file is one rolling update.",
      )
      .meta({ formerly: "content" }),
    port: Port.default(8081).describe("Where every node's mesh publishes the web server, for the load balancer."),
    encryptOverlay: z
      .boolean()
      .default(false)
      .describe("Whether its traffic between nodes is encrypted (IPsec); what that costs is in docs/reliability.md.")
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
      .describe('The database, on the node with the label `db: "true"`, its data on a volume there.'),
    admin: z
      .strictObject({
        image: ImageReference.describe("What shows the database, e.g. adminer:5.4.1 or phpmyadmin:5.2.3-apache."),
        port: Port.default(8080).describe("Where that image listens for HTTP."),
      })
      .optional()
      .describe(
        "A page to administer the database with, behind the load balancer's route `admin`; the server is `mysql`, the user `app`, the password `./farm secret app`. Default: none.",
      ),
  })
  .describe("nginx, php-fpm and mysql. Default: not deployed.");

export type LampConfig = z.infer<typeof Lamp>;
