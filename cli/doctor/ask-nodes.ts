import { FarmError } from "../base/errors";
import { ask, type Farm } from "../nodes/ask";

/** The time limit for a node that does not answer, in seconds. */
export const nodeSeconds = 20;

/**
 * Runs a script on nodes in parallel. Nodes on which it fails, or that do not answer, are left out: other checks report them.
 *
 * @param read   reads the standard output of a node
 * @param signal ends the connections. Default: only the deadline of each does
 */
export async function askNodes<Answer>(
  farm: Farm,
  nodes: readonly string[],
  script: string,
  read: (node: string, text: string) => Answer,
  signal?: AbortSignal,
): Promise<Answer[]> {
  const answers = nodes.map(async (node) => {
    try {
      const { status, stdout } = await ask(farm, node, script, {
        timeoutSeconds: nodeSeconds,
        ...(signal && { signal }),
      });
      return status === 0 ? [read(node, stdout)] : [];
    } catch (error) {
      if (error instanceof FarmError) return [];
      throw error;
    }
  });
  return (await Promise.all(answers)).flat();
}
