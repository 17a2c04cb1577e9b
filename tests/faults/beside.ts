import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { repository, type TestFarm } from "../live/farm";
import { until } from "../live/until";

/**
 * Starts a script of tests/faults where a farm's addresses are, and waits until it has written a file. Lines of its standard input are the
 * caller's.
 */
export async function startBeside(
  farm: TestFarm,
  script: string,
  args: readonly string[],
  begun: string,
): Promise<ChildProcess> {
  const node = [process.execPath, "--import", "tsx", join(repository, "tests", "faults", script), ...args];
  const child = spawn("ip", ["netns", "exec", await farm.namespace(), ...node], {
    cwd: repository,
    stdio: ["pipe", "ignore", "inherit"],
  });
  await until(script, () => Promise.resolve(existsSync(begun)), 60_000);
  return child;
}
