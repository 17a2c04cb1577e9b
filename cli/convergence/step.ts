import type { Context } from "../context/context";
import type { Outputs } from "../pulumi/outputs";
import { waitSeconds } from "../context/wait-seconds";
import { waitUntilConverged } from "./wait";

/** The step `services`: waits until the farm of the last update works. */
export async function waitForServices(context: Context, outputs: Outputs): Promise<void> {
  await context.report.step("services", async (progress) => {
    const say = (line: string) => {
      progress.log(line);
      context.report.say(`  ${line}`);
    };
    const lines = await waitUntilConverged(context, outputs, waitSeconds(context), {
      now: (text) => {
        progress.now(text);
      },
      say,
    });
    return lines.join("\n  ");
  });
}
