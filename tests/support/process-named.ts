import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A process that does nothing and that the kernel knows by a name, e.g. `libvirtd`. End it by its `kill`.
 *
 * @param namespace of the network that it is in. Default: this one
 */
export async function processNamed(
  name: string,
  folder: string,
  namespace?: string,
): Promise<ChildProcess & { readonly pid: number }> {
  const file = join(folder, name);
  if (!existsSync(file)) {
    copyFileSync(spawnSync("sh", ["-c", "command -v sleep"], { encoding: "utf8" }).stdout.trim(), file);
    chmodSync(file, 0o755);
  }
  // One program may be all of coreutils, and chooses by this name.
  const child =
    namespace === undefined
      ? spawn(file, ["60"], { argv0: "sleep", stdio: "ignore" })
      : spawn("nsenter", [`--net=/run/netns/${namespace}`, "--", "bash", "-c", 'exec -a sleep "$0" 60', file], {
          stdio: "ignore",
        });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} does not start`);
  while (readFileSync(`/proc/${String(pid)}/comm`, "utf8").trim() !== name.slice(0, 15)) await sleep(5);
  return Object.assign(child, { pid });
}
