import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { run } from "../process/run";
import { parseResources, type Resource } from "./state";

type Farm = Pick<Context, "stack" | "repository" | "environment">;

/**
 * The output of `pulumi`.
 *
 * @throws FarmError that explains Pulumi's error and what to do
 */
export async function pulumiAnswer(farm: Farm, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(["pulumi", ...args], { cwd: farm.repository, env: farm.environment });
  if (status === 0) return stdout;
  throw new FarmError(
    status === 127 ? "pulumi is not installed: ./farm setup installs it" : pulumiReason(farm, stderr),
  );
}

/** The state of the farm's stack, as JSON; secrets stay encrypted unless asked for. */
export function exportState(farm: Farm, { showSecrets = false } = {}): Promise<string> {
  return pulumiAnswer(farm, "stack", "export", ...(showSecrets ? ["--show-secrets"] : []));
}

/** The resources of the farm's stack; secrets stay encrypted unless asked for. */
export async function resourcesOf(...args: Parameters<typeof exportState>): Promise<readonly Resource[]> {
  return parseResources(await exportState(...args));
}

/** Whether Pulumi's error says that the backend has no such stack. */
export function isNoStack(stderr: string): boolean {
  return /no stack selected|no stack named|unable to open state directory[^]*no such file/.test(stderr);
}

/** Explains an error of Pulumi, and what to do. */
export function pulumiReason({ stack, environment }: Farm, stderr: string): string {
  const passphrase = environment.PULUMI_CONFIG_PASSPHRASE_FILE ?? "PULUMI_CONFIG_PASSPHRASE";
  if (isNoStack(stderr)) return `the farm '${stack}' is not there: ./farm up builds it`;
  if (stderr.includes("incorrect passphrase"))
    return `the passphrase (${passphrase}) is not the one that stack '${stack}' was made with: put the right one there`;
  if (/passphrase must be set|unable to read.*PASSPHRASE/.test(stderr))
    return `the passphrase of stack '${stack}' is missing (${passphrase}): copy it from the machine that built the farm`;
  const lines = stderr.trim().split("\n");
  const error = lines.find((line) => line.startsWith("error: "))?.slice("error: ".length);
  return `pulumi: ${error ?? lines.at(-1) ?? "no message"}`;
}
