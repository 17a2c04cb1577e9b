import { mysqlConnections, maxPhpTasks, phpChildren } from "../../../stacks/lamp/connections";
import { connectionShare, lampAlerts } from "../../../stacks/lamp/alerts";
import { parseConfig } from "../../../stacks/config";
import { withStacks } from "../../support/configs";
import { expectAlerts, of, type AlertCase } from "../../support/alert-cases";
import { promtool } from "../../support/prometheus";

const php = (image?: string) => parseConfig(withStacks({ lamp: { php: { image } } })).lamp?.php;

const mysql = (name: string) => `${name}{job="lamp-mysql-exporter", instance="10.0.4.3:9104"}`;
const ofMysql = { service: "lamp-mysql", job: "lamp-mysql-exporter", instance: "10.0.4.3:9104" };
const connected = mysql("mysql_global_status_threads_connected");
const allowed = mysql("mysql_global_variables_max_connections");
const fpm = (name: string, task: string) =>
  `phpfpm_${name}{job="lamp-php-exporter", instance="10.0.4.4:9101", task="${task}"}`;

const cases: Readonly<Record<string, AlertCase>> = {
  MysqlDown: {
    series: { [mysql("mysql_up")]: of(9, "0") },
    minutes: 3,
    labels: ofMysql,
    summary: "mysql takes no connection: pages that need the database are errors",
    quiet: { [mysql("mysql_up")]: "0 0 1 0 0x9" },
  },
  MysqlConnectionsShort: {
    series: { [connected]: of(9, "145"), [allowed]: of(9, "151") },
    minutes: 3,
    labels: { ...ofMysql },
    summary: "96.03% of the connections that mysql accepts are in use: it will refuse more",
    quiet: { [connected]: of(9, "136"), [allowed]: of(9, "151") },
  },
  PhpWorkersBusy: {
    series: {
      // In turn each of two tasks is full, and requests wait all the time.
      [fpm("listen_queue", "10.0.3.5")]: "3 0 3 0 3 0 3",
      [fpm("idle_processes", "10.0.3.5")]: "0 4 0 4 0 4 0",
      [fpm("listen_queue", "10.0.3.6")]: "0 3 0 3 0 3 0",
      [fpm("idle_processes", "10.0.3.6")]: "4 0 4 0 4 0 4",
    },
    minutes: 4,
    labels: { service: "lamp-php" },
    summary: "3 requests wait, since all workers of a task of php are busy",
    quiet: {
      [fpm("listen_queue", "10.0.3.5")]: of(9, "3"),
      [fpm("idle_processes", "10.0.3.5")]: of(9, "1"),
      [fpm("listen_queue", "10.0.3.6")]: "9 9 0 9 0 9x9",
      [fpm("idle_processes", "10.0.3.6")]: of(9, "0"),
    },
  },
};

(promtool === undefined ? test.skip : test)("every alert fires, and what is nearly the same does not", () => {
  const alerts = lampAlerts({ php: php() ?? raise() });
  expect(alerts.map(({ name }) => name)).toEqual(Object.keys(cases));
  expectAlerts(alerts, cases);
});

test("php that is not the farm's own has no numbers, and no alert", () => {
  const names = lampAlerts({ php: php("php:8.4-fpm") ?? raise() }).map(({ name }) => name);
  expect(names).toEqual(["MysqlDown", "MysqlConnectionsShort"]);
});

test("as many tasks of php as a farm may have do not fire the alert of connections by themselves", () => {
  expect((maxPhpTasks * phpChildren) / mysqlConnections).toBeLessThan(connectionShare);
  expect((mysqlConnections - 1) / mysqlConnections).toBeGreaterThan(connectionShare);
});

function raise(): never {
  throw new Error("there is no lamp");
}
