import type { Problem } from "../../infra/config/problem";
import type { NodeConfig } from "../../infra/config/schema";
import type { LampConfig } from "./schema";

/** Workers of one php task, each with one connection to mysql: `pm.max_children` of images/php/php-fpm.conf. */
export const phpChildren = 8;

/** Connections that mysql accepts: `max-connections` of images/mysql/my.cnf, which is MySQL's default too. */
export const mysqlConnections = 151;

/** Connections besides those of php: for the administration page, a backup, the health check. */
const spareConnections = 5;

/** Tasks of php that mysql has connections for; a start-first update runs one more, which is counted here. */
export const maxPhpTasks = Math.floor((mysqlConnections - spareConnections) / phpChildren) - 1;

/** Each worker of php may hold a connection to mysql. Images other than the farm's php are not checked. */
export function connectionsFit({ php }: LampConfig, nodes: Readonly<Record<string, NodeConfig>>): Problem[] {
  if (php.image !== undefined) return [];
  const { replicas, autoscale } = php;
  const workers = Object.values(nodes).filter(
    ({ role, availability }) => role === "worker" && availability === "active",
  ).length;
  const configured: readonly (readonly [path: string, says: string, tasks: number])[] = [
    replicas === "global"
      ? ["lamp.php.replicas", `'global' on ${String(workers)} workers`, workers]
      : ["lamp.php.replicas", String(replicas), replicas],
    ...(autoscale ? ([["lamp.php.autoscale.max", String(autoscale.max), autoscale.max]] as const) : []),
  ];
  return configured
    .filter(([, , tasks]) => tasks > maxPhpTasks)
    .map(([path, says]) => ({
      path,
      message: `is ${says}, and mysql's ${String(mysqlConnections)} connections are enough for ${String(maxPhpTasks)} php tasks of ${String(phpChildren)} workers each; set ${path} to ${String(maxPhpTasks)} or less`,
    }));
}
