import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { run } from "../process/run";
import { pulumiReason } from "./answer";

/**
 * Replaces the stack's state.
 *
 * @param text as `pulumi stack export` prints it
 * @throws FarmError with what Pulumi's error means for the farm
 */
export async function importState(
  farm: Pick<Context, "stack" | "repository" | "environment">,
  text: string,
): Promise<void> {
  const options = { cwd: farm.repository, env: farm.environment, input: text };
  const { status, stderr } = await run(["pulumi", "stack", "import"], options);
  if (status !== 0) throw new FarmError(pulumiReason(farm, stderr));
}
