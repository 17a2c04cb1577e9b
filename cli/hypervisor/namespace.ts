import type { Context } from "../context/context";
import { output, run } from "../process/run";
import { libvirtdPid, namespaceOf } from "./enter";

type Farm = Pick<Context, "stack" | "folders">;

/** Whether the farm's network namespace exists. */
export async function hasNamespace(farm: Farm): Promise<boolean> {
  const list = await output(["ip", "netns", "list"]);
  return list.split("\n").some((line) => line.split(" ")[0] === namespaceOf(farm));
}

/** The processes in the farm's network namespace: all of them are the farm's. */
export async function processesOf(farm: Farm): Promise<number[]> {
  const { stdout } = await run(["ip", "netns", "pids", namespaceOf(farm)]);
  return stdout.split("\n").filter(Boolean).map(Number);
}

/** Whether a process is the libvirtd in the farm's namespace; another one may have its id by now. */
export async function isRunning(farm: Farm): Promise<boolean> {
  const pid = libvirtdPid(farm);
  if (pid === undefined) return false;
  const { stdout } = await run(["ip", "netns", "identify", String(pid)]);
  return stdout.trim() === namespaceOf(farm);
}
