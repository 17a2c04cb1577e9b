import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { run } from "../process/run";
import { pulumiReason } from "./answer";

/**
 * Replaces the stack's state.
 *
 * @param text as `pulumi stack export` prints it
 * @throws FarmError that explains Pulumi's error
 */
export async function importState(
  farm: Pick<Context, "stack" | "repository" | "environment">,
  text: string,
): Promise<void> {
  const options = { cwd: farm.repository, env: farm.environment, input: text };
  const { status, stderr } = await run(["pulumi", "stack", "import"], options);
  if (status !== 0) throw new FarmError(pulumiReason(farm, stderr));
}
