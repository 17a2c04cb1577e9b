import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestFarm } from "./farm";

/** No namespace, no process in one, no process of the farm's, and no file but the history of the stack. */
export async function expectNothingLeft(farm: TestFarm, namespace: string): Promise<void> {
  const { stdout: namespaces } = await promisify(execFile)("ip", ["netns", "list"]);
  expect(namespaces).not.toContain(namespace);
  const commandLines = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(join("/proc", pid, "cmdline"), "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    });
  expect(
    commandLines.filter(
      (line) => line.includes(farm.home) || line.includes(namespace) || line.includes(`guest=${farm.stack}.`),
    ),
  ).toEqual([]);
  expect(readdirSync(join(farm.home, "s", "swarm-farm"))).toEqual(["pulumi"]);
}
