import type { Alert } from "../contract/entries";
import { hasPhpStatus } from "./metrics";
import type { LampConfig } from "./schema";

const page = "how-to/monitoring.md#php-and-mysql";

/** The share of mysql's connections that php cannot take by itself: as many tasks as a farm may have hold 90 % at most. */
export const connectionShare = 0.95;

/** A result about a service, by its name in the swarm. */
function ofService(service: string, expression: string): string {
  return `label_replace(${expression}, "service", "${service}", "", "")`;
}

const ofMysql: readonly Alert[] = [
  {
    name: "MysqlDown",
    expression: ofService("lamp-mysql", "mysql_up == 0"),
    forSeconds: 120,
    severity: "critical",
    summary: "mysql takes no connection: pages that need the database are errors",
    action:
      "./farm docker service ps --no-trunc lamp-mysql; if it runs, ./farm docker service logs --tail 50 lamp-mysql-exporter says what it answers",
    page,
  },
  {
    name: "MysqlConnectionsShort",
    expression: ofService(
      "lamp-mysql",
      `mysql_global_status_threads_connected / mysql_global_variables_max_connections > ${String(connectionShare)}`,
    ),
    forSeconds: 120,
    severity: "critical",
    summary: "{{ $value | humanizePercentage }} of the connections that mysql accepts are in use: it will refuse more",
    action:
      "lower lamp.php.replicas or lamp.php.autoscale.max and ./farm up, or end the program that holds them: SHOW PROCESSLIST as the site's user names its hosts",
    page,
  },
];

const ofPhp: readonly Alert[] = [
  {
    name: "PhpWorkersBusy",
    expression: ofService("lamp-php", "sum(phpfpm_listen_queue and phpfpm_idle_processes == 0) > 0"),
    forSeconds: 120,
    severity: "critical",
    summary: "{{ $value }} requests wait, since all workers of a task of php are busy",
    action:
      "raise lamp.php.replicas or lamp.php.autoscale.max, then ./farm up; ./farm docker service logs lamp-nginx has how long each page took",
    page,
  },
];

/** Alerts about the database and about php, where php has numbers. */
export function lampAlerts(config: Pick<LampConfig, "php">): readonly Alert[] {
  return [...ofMysql, ...(hasPhpStatus(config) ? ofPhp : [])];
}
