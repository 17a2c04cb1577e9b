/**
 * `data-loss.ts EVENTS SSH_CONFIG [ACCEPTED_NODE…]`: reads a preview's event log and tells what is lost with the disks that it
 * would delete. Ends with 77 if something is that is not accepted.
 */
import { readFileSync } from "node:fs";
import { askNode, askServices } from "./data-loss/facts";
import { deletedDisks, lossesOf, lossText } from "./data-loss/losses";
import { parseEvents } from "./preview/events";

async function main([events = "", config = "", ...accepted]: readonly string[]): Promise<void> {
  const nodes = deletedDisks(parseEvents(readFileSync(events, "utf8")).steps).filter(
    (node) => !accepted.includes(node),
  );
  if (nodes.length === 0) return;
  const asked = nodes.map(async (node) => [node, await askNode(config, node)] as const);
  const losses = lossesOf(new Map(await Promise.all(asked)), await askServices(config));
  if (losses.length === 0) return;
  console.log(lossText(losses));
  process.exitCode = 77;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  console.log(`the preview's event log cannot be read: ${reason}; nothing was changed`);
  process.exitCode = 1;
});
