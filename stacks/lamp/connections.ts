import type { Problem } from "../../infra/config/problem";
import type { NodeConfig } from "../../infra/config/schema";
import type { LampConfig } from "./schema";

/** Workers of one php task, each with one connection to mysql: `pm.max_children` of images/php/php-fpm.conf. */
export const phpChildren = 8;

/** Connections that mysql takes: `max-connections` of images/mysql/my.cnf, and MySQL's own default. */
export const mysqlConnections = 151;

/** Connections for others than php: the administration page, a backup, a health check. */
const spareConnections = 5;

/** Tasks of php that mysql has connections for, besides the one more that runs during a start-first update. */
export const maxPhpTasks = Math.floor((mysqlConnections - spareConnections) / phpChildren) - 1;

/** Every worker of php may hold a connection to mysql at the same time. Another image than the farm's php is not known. */
export function connectionsFit({ php }: LampConfig, nodes: Readonly<Record<string, NodeConfig>>): Problem[] {
  if (php.image !== undefined) return [];
  const { replicas, autoscale } = php;
  const workers = Object.values(nodes).filter(
    ({ role, availability }) => role === "worker" && availability === "active",
  ).length;
  const wanted: readonly (readonly [path: string, says: string, tasks: number])[] = [
    replicas === "global"
      ? ["lamp.php.replicas", `'global' on ${String(workers)} workers`, workers]
      : ["lamp.php.replicas", String(replicas), replicas],
    ...(autoscale ? ([["lamp.php.autoscale.max", String(autoscale.max), autoscale.max]] as const) : []),
  ];
  return wanted
    .filter(([, , tasks]) => tasks > maxPhpTasks)
    .map(([path, says]) => ({
      path,
      message: `is ${says}, and mysql's ${String(mysqlConnections)} connections are enough for ${String(maxPhpTasks)} php tasks of ${String(phpChildren)} workers each; set ${path} to ${String(maxPhpTasks)} or less`,
    }));
}
