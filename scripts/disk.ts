/**
 * Run by `./farm up` where the hypervisor is, at its end, whichever that is: warns of nodes and hypervisors whose disks are
 * nearly full. Says nothing when none is, and always ends well: a warning fails no update.
 *
 *   disk.ts STACK SSH_CONFIG <CONFIG   CONFIG is what `pulumi config --json` prints
 */
import { readFileSync } from "node:fs";
import { parsePulumiConfig } from "../infra/config/parse";
import { planFarm } from "../infra/net/plan";
import { diskFindings } from "./doctor/disk";

async function main([farm = "", ssh = ""]: readonly string[]): Promise<void> {
  const plan = planFarm(parsePulumiConfig(readFileSync(0, "utf8")), farm);
  for (const { what, byHand } of await diskFindings(plan, ssh)) console.error(`warning: ${what}: ${byHand ?? ""}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`warning: the disks of nodes cannot be looked at: ${String(error)}`);
});
