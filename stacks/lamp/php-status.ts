import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContentFile } from "../../infra/service/files";

/** The port on which php-fpm answers for its status alone, also while all of its workers are busy. */
export const statusPort = 9001;

/**
 * php-fpm's status page (apps/exporter asks for it). php-fpm answers for it on port 9000 too, where web servers send what clients ask
 * for: each of these resolves dots in a path, or refuses them, so that no request of a client becomes this path.
 */
const statusPath = "/../status";

/** The file of the image's configuration. */
const path = "/etc/php/8.4/fpm/php-fpm.conf";

/** The configuration of the farm's own php image, with its status page: the image has none, so that php changes only where it is monitored. */
export const phpStatus: ContentFile = {
  path,
  content: [
    readFileSync(join(__dirname, "images", "php", "php-fpm.conf"), "utf8").trimEnd(),
    "; For the exporter of a farm that is monitored.",
    `pm.status_path = ${statusPath}`,
    `pm.status_listen = ${String(statusPort)}`,
    "",
  ].join("\n"),
};
