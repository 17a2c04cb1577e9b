import { consoleLogOf } from "../../infra/libvirt/domain";
import type { Context } from "../context/context";
import { run } from "../process/run";
import { inFarm } from "./enter";

type Farm = Pick<Context, "stack" | "folders">;

/** The last line of a kernel that does not restart by itself. */
const end = "end Kernel panic";

/** Domains of this machine, among those that libvirt calls running, whose kernel has panicked. */
export async function panickedAmong(farm: Farm, domains: readonly string[]): Promise<ReadonlySet<string>> {
  if (domains.length === 0) return new Set();
  // A domain of another program has no such file.
  const { stdout } = await run(inFarm(farm, ["tail", "-v", "-n", "1", ...domains.map(consoleLogOf)]));
  const panicked = stdout.split(/^==> /m).filter((part) => part.includes(end));
  return new Set(domains.filter((domain) => panicked.some((part) => part.startsWith(`${consoleLogOf(domain)} <==`))));
}
