import type { Context } from "../context";
import { pulumiAnswer } from "../pulumi/answer";
import { waitSeconds } from "../report/wait-seconds";
import { waitUntilConverged } from "./gate";
import { parseOutputs } from "./routes";

/** The step `services`: waits until the farm of the last update works. */
export async function waitForServices(context: Context): Promise<void> {
  const outputs = parseOutputs(await pulumiAnswer(context, "stack", "output", "--json"));
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
