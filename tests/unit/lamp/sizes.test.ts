import { readFileSync } from "node:fs";
import { join } from "node:path";
import { maxPhpTasks, mysqlConnections, phpChildren } from "../../../stacks/lamp/connections";
import { repository } from "../../../infra/images/content";
import { phpMemoryMiB } from "../../../stacks/lamp/lamp";
import { withStacks, type RawConfig } from "../../support/configs";
import { refusal } from "../../support/refusal";

const read = (...path: string[]) => readFileSync(join(repository, ...path), "utf8");

/** The number that a setting of a shipped file has. */
function numberIn(text: string, setting: string): number {
  const found = new RegExp(`^${setting} = (\\d+)M?$`, "m").exec(text)?.[1];
  if (found === undefined) throw new Error(`'${setting}' is not there`);
  return Number(found);
}

const fpm = read("stacks", "lamp", "images", "php", "php-fpm.conf");
const ini = read("stacks", "lamp", "images", "php", "php.ini");

test("the rule counts with the numbers of the shipped images", () => {
  expect(numberIn(fpm, "pm\\.max_children")).toBe(phpChildren);
  expect(numberIn(read("stacks", "lamp", "images", "mysql", "my.cnf"), "max-connections")).toBe(mysqlConnections);
});

test("all workers of a php task, with the opcache and 64 MiB for php itself, fit its memory limit", () => {
  const workers = numberIn(fpm, "pm\\.max_children") * numberIn(ini, "memory_limit");
  expect(workers + numberIn(ini, "opcache\\.memory_consumption") + 64).toBeLessThanOrEqual(phpMemoryMiB);
});

test("php's image has no status page, and nginx answers for its ping", () => {
  expect(fpm).not.toContain("status_path");
  const nginx = read("stacks", "lamp", "content", "nginx", "nginx.conf");
  for (const path of ["/status", "/ping"]) expect(nginx).toMatch(new RegExp(`location = ${path} \\{\\s+return 404;`));
});

const php = (settings: RawConfig) => withStacks({ steward: {}, lamp: { php: settings } });

test.each<[string, RawConfig]>([
  ["lamp.php.replicas", { replicas: maxPhpTasks + 1 }],
  ["lamp.php.autoscale.max", { autoscale: { min: 1, max: maxPhpTasks + 1, metric: "cpu", target: 50 } }],
])("more php tasks than mysql has connections for are refused: %s", (path, settings) => {
  expect(refusal(php(settings))).toContain(
    `${path}: is ${maxPhpTasks + 1}, and mysql's 151 connections are enough for 17 php tasks of 8 workers each; set ${path} to 17 or less`,
  );
});

test("global counts the workers", () => {
  const workers = Object.fromEntries(
    Array.from({ length: maxPhpTasks + 1 }, (_, i) => [
      `worker${i + 1}`,
      { role: "worker", ...(i === 0 ? { labels: { db: "true" } } : {}) },
    ]),
  );
  const nodes = { manager1: { role: "manager" }, ...workers };
  expect(refusal(withStacks({ nodes, lamp: { php: { replicas: "global" } } })).join()).toContain(
    `lamp.php.replicas: is 'global' on ${maxPhpTasks + 1} workers`,
  );
});
