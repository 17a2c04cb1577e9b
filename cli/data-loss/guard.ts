import { existsSync, readFileSync } from "node:fs";
import { FarmError } from "../base/errors";
import type { Farm } from "../nodes/ask";
import { parseEvents, type Step } from "../preview/events";
import { askNode, askServices } from "./facts";
import { deletedDisks, lossesOf, lossText } from "./losses";

/** How `./farm up` ends where data would be lost that nobody accepted to lose; none of Pulumi's own. */
export const dataLossStatus = 77;

/**
 * What is lost with the disks that a plan deletes. No node is asked where the plan deletes none.
 *
 * @param file the event log of the preview
 * @param accepted nodes whose data may be lost
 * @returns what a person reads; empty where nothing is lost that is not accepted
 * @throws FarmError if the log does not tell the whole plan
 */
export async function dataLossOf(farm: Farm, file: string, accepted: readonly string[]): Promise<string> {
  const nodes = deletedDisks(stepsOf(file)).filter((node) => !accepted.includes(node));
  if (nodes.length === 0) return "";
  const facts = await Promise.all(nodes.map(async (node) => [node, await askNode(farm, node)] as const));
  const losses = lossesOf(new Map(facts), await askServices(farm));
  return losses.length === 0 ? "" : lossText(losses);
}

function stepsOf(file: string): readonly Step[] {
  const log = existsSync(file) ? readFileSync(file, "utf8") : "";
  // The engine's last event. Pulumi ignores that a log cannot be written.
  if (!log.trimEnd().split("\n").at(-1)?.includes('"cancelEvent"'))
    throw new FarmError(
      `the preview's event log (${file}) is not complete: see that /dev/shm has room; nothing was changed`,
    );
  try {
    return parseEvents(log).steps;
  } catch (error) {
    const [reason = ""] = String(error instanceof Error ? error.message : error).split("\n");
    throw new FarmError(`the preview's event log (${file}) cannot be read: ${reason}; nothing was changed`);
  }
}
