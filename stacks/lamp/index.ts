import { createRequire } from "node:module";
import { defineStack, recipesIn } from "../contract";
import { copiesOf } from "../contract/images";
import { documentRoot, readContent } from "./content";
import { rules } from "./rules";
import { fastcgiPort, Lamp } from "./schema";

const load = createRequire(__filename);

/** nginx, php-fpm and mysql. */
export const lamp = defineStack({
  name: "lamp",
  schema: Lamp.optional(),
  images: recipesIn(__dirname, "nginx", "php", "mysql"),
  routes: { lamp: { path: "/" }, admin: { path: "/admin/", login: true } },
  rotations: { mysql: "the database's password" },
  plan: ({ port, nginx, php, mysql, admin }, edge) => ({
    images: Object.entries({ nginx, php, mysql }).flatMap(([name, { image }]) => (image === undefined ? [name] : [])),
    copies: copiesOf({
      "lamp.nginx.image": nginx.image,
      "lamp.php.image": php.image,
      "lamp.mysql.image": mysql.image,
      "lamp.admin.image": admin?.image,
    }),
    ports: [
      { service: "lamp-nginx", port, key: "lamp.port" },
      ...(edge?.protocol === "fastcgi" ? [{ service: "lamp-php", port: fastcgiPort, key: edge.key, fixed: true }] : []),
    ],
    targets: {
      lamp:
        edge?.protocol === "fastcgi"
          ? { kind: "fastcgi", port: fastcgiPort, root: documentRoot }
          : { kind: "http", port },
      admin: admin && { kind: "service", service: "lamp-admin", port: admin.port },
    },
    services: { "lamp.nginx": nginx, "lamp.php": php },
  }),
  rules,
  read: ({ contentDir }, folder) => readContent("lamp.contentDir", contentDir, folder),
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});
