import type { ScrapeTarget } from "../contract/entries";
import { sharedExporter } from "../contract/exporter";
import type { LampConfig } from "./schema";

/** The exporters of `lamp` in the swarm, and their ports in their containers. */
export const exporters = {
  mysql: { service: "lamp-mysql-exporter", port: 9104 },
  php: { service: "lamp-php-exporter", port: sharedExporter.port },
} as const satisfies Readonly<Record<string, ScrapeTarget>>;

/** Whether php says what its workers do: another image than the farm's own is not changed, and may have no status page. */
export function hasPhpStatus({ php }: Pick<LampConfig, "php">): boolean {
  return php.image === undefined;
}

/** The services with metrics. */
export function scrapedBy(config: Pick<LampConfig, "php">): ScrapeTarget[] {
  return [exporters.mysql, ...(hasPhpStatus(config) ? [exporters.php] : [])];
}

/** The images of the exporters. */
export function exporterImages(config: Pick<LampConfig, "php">): string[] {
  return ["mysqld-exporter", ...(hasPhpStatus(config) ? ["exporter"] : [])];
}
