import { createRequire } from "node:module";
import { defineStack, recipesIn } from "../contract";
import { copiesOf } from "../contract/images";
import { publishedPort, webTarget, type Edge, type RouteTarget } from "../contract/routes";
import { lampAlerts } from "./alerts";
import { documentRoot, readContent } from "./content";
import { exporterImages, scrapedBy } from "./metrics";
import { mysqlDump } from "./mysql-dump";
import { rules } from "./rules";
import { sharesSessions } from "./session-settings";
import { defaultPort, fastcgiPort, Lamp, webPort } from "./schema";

const load = createRequire(__filename);

/** nginx, php-fpm and mysql. */
export const lamp = defineStack({
  name: "lamp",
  schema: Lamp.optional(),
  images: recipesIn(__dirname, "nginx", "php", "mysql", "mysqld-exporter", "valkey"),
  routes: { lamp: { path: "/" }, admin: { path: "/admin/", login: true } },
  rotations: { mysql: "the database's password" },
  plan: ({ port, nginx, php, mysql, sessions, admin }, edge) => ({
    images: [
      ...Object.entries({ nginx, php, mysql }).flatMap(([name, { image }]) => (image === undefined ? [name] : [])),
      ...(sharesSessions({ php, sessions }) ? ["valkey"] : []),
    ],
    copies: copiesOf({
      "lamp.nginx.image": nginx.image,
      "lamp.php.image": php.image,
      "lamp.mysql.image": mysql.image,
      "lamp.admin.image": admin?.image,
    }),
    ports: [publishedPort(port, defaultPort, edge, "lamp")].flatMap((published) =>
      published === undefined ? [] : [{ service: "lamp-nginx", port: published, key: "lamp.port", routes: ["lamp"] }],
    ),
    targets: {
      lamp: targetOf(port, edge),
      admin: admin && { kind: "service", service: "lamp-admin", port: admin.port },
    },
    dumps: [mysqlDump],
    services: { "lamp.nginx": nginx, "lamp.php": php },
    scrape: scrapedBy({ php }),
    exporterImages: exporterImages({ php }),
    alerts: lampAlerts({ php }),
  }),
  rules,
  read: ({ contentDir }, folder) => readContent("lamp.contentDir", contentDir, folder),
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});

/** php, if the reverse proxy speaks FastCGI; else nginx, by the mesh if it publishes a port. */
function targetOf(port: number | undefined, edge: Edge | undefined): RouteTarget {
  if (edge?.protocol === "fastcgi")
    return { kind: "fastcgi", service: "lamp-php", port: fastcgiPort, root: documentRoot };
  return webTarget(publishedPort(port, defaultPort, edge, "lamp"), "lamp-nginx", webPort);
}
