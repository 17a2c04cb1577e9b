import type { Context } from "../context/context";
import type { Outputs } from "../pulumi/outputs";
import { waitSeconds } from "../context/wait-seconds";
import type { SwarmFacts } from "./swarm";
import { waitUntilConverged } from "./wait";

/**
 * The step `services`: waits until the farm of the last update works.
 *
 * @param found the swarm's answer if nothing has changed since. Default: it is asked
 */
export async function waitForServices(context: Context, outputs: Outputs, found?: SwarmFacts): Promise<void> {
  await context.report.step("services", async (progress) => {
    const say = (line: string) => {
      progress.log(line);
      context.report.say(`  ${line}`);
    };
    const now = (text: string) => {
      progress.now(text);
    };
    const lines = await waitUntilConverged(context, outputs, waitSeconds(context), { now, say }, found);
    return lines.join("\n  ");
  });
}
