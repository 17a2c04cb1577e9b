import { existsSync, readFileSync } from "node:fs";
import { FarmError } from "../base/errors";
import type { Farm } from "../nodes/ask";
import { parseEvents, type Step } from "../preview/events";
import { askNode, askServices } from "./facts";
import { deletedDisks, lossesOf, lossText } from "./losses";

/** The exit status of `./farm up` that refuses to delete data; Pulumi does not use it. */
export const dataLossStatus = 77;

/**
 * The data on disks that a plan deletes. If it deletes none, no node is asked.
 *
 * @param file the event log of the preview
 * @param accepted nodes whose data may be lost
 * @returns a message; empty if no data is lost except that of accepted nodes
 * @throws FarmError if the log is incomplete
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
  // The engine's last event: Pulumi ignores errors when it writes the log.
  if (!log.trimEnd().split("\n").at(-1)?.includes('"cancelEvent"'))
    throw new FarmError(
      `the preview's event log (${file}) is not complete: free space in /dev/shm; nothing was changed`,
    );
  try {
    return parseEvents(log).steps;
  } catch (error) {
    const [reason = ""] = String(error instanceof Error ? error.message : error).split("\n");
    throw new FarmError(`the preview's event log (${file}) cannot be read: ${reason}; nothing was changed`);
  }
}
