import type { Context } from "../context";
import { pulumiAnswer } from "../pulumi/answer";
import { waitSeconds } from "../report/wait-seconds";
import { waitUntilConverged } from "./gate";
import { parseOutputs } from "./routes";

/** The step `services`: waits until the farm of the last update works. */
export async function waitForServices(context: Context): Promise<void> {
  const outputs = parseOutputs(await pulumiAnswer(context, "stack", "output", "--json"));
  await context.report.step("services", async ({ now, log }) => {
    const say = (line: string) => {
      log(line);
      context.report.say(`  ${line}`);
    };
    const lines = await waitUntilConverged(context, outputs, waitSeconds(context), { now, say });
    return lines.join("\n  ");
  });
}
