import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FarmError } from "../base/errors";
import { run } from "../process/run";
import { isNoStack, pulumiReason } from "../pulumi/answer";
import { backendFolder } from "../pulumi/backend";
import type { Step } from "./tools/tools";

/**
 * Creates the Pulumi stack, with its passphrase and the folder of its backend, and checks the passphrase.
 *
 * @returns a note with the stack's name
 * @throws FarmError
 */
export async function setUpStack(step: Step): Promise<string> {
  const { environment, folders, stack } = step.context;
  if (environment.PULUMI_CONFIG_PASSPHRASE_FILE === join(folders.config, "passphrase"))
    generatePassphrase(environment.PULUMI_CONFIG_PASSPHRASE_FILE);
  const backend = backendFolder(environment);
  if (backend !== undefined) mkdirSync(backend, { recursive: true });
  const [{ status, stderr }, checked] = await Promise.all([
    pulumi(step, "stack", "output", "--show-secrets", "--json"),
    checkPassphrase(step),
  ]);
  if (status === 0) {
    if (checked.includes("incorrect passphrase")) throw new FarmError(pulumiReason(step.context, checked));
    return stack;
  }
  if (!isNoStack(stderr)) throw new FarmError(pulumiReason(step.context, stderr));
  return initStack(step);
}

/** A file mode: readable for the owner alone. */
function generatePassphrase(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, randomBytes(32).toString("base64"), { mode: 0o600, flag: "wx" });
}

/**
 * Creates the stack. A file that came from another machine may have the salt of that one's passphrase: without secrets it protects
 * nothing, and Pulumi writes another.
 *
 * @returns what to say of it
 */
async function initStack(step: Step): Promise<string> {
  const { environment, repository, stack } = step.context;
  const created = await pulumi(step, "stack", "init", stack);
  if (created.status === 0) return `${stack}, new`;
  if (!created.stderr.includes("incorrect passphrase"))
    throw new FarmError(pulumiReason(step.context, created.stderr));
  const file = join(repository, `Pulumi.${stack}.yaml`);
  const text = readFileSync(file, "utf8");
  const passphrase = environment.PULUMI_CONFIG_PASSPHRASE_FILE ?? "PULUMI_CONFIG_PASSPHRASE";
  if (/\bsecure"?\s*:/.test(text))
    throw new FarmError(
      `Pulumi.${stack}.yaml has secrets of another passphrase than ${passphrase}: put that one there, or remove the secrets and the line encryptionsalt`,
    );
  writeFileSync(file, text.replace(/^encryptionsalt:.*\n?/m, ""));
  const again = await pulumi(step, "stack", "init", stack);
  if (again.status !== 0) throw new FarmError(pulumiReason(step.context, again.stderr));
  return `${stack}, new; replaced the encryptionsalt of another passphrase`;
}

/** Sets a secret in a copy of the file and returns the errors of Pulumi: nothing else shows a wrong passphrase. Without a stack it fails. */
async function checkPassphrase(step: Step): Promise<string> {
  const { repository, stack } = step.context;
  const folder = mkdtempSync(join(tmpdir(), "swarm-farm-"));
  try {
    const copy = join(folder, `Pulumi.${stack}.yaml`);
    copyFileSync(join(repository, `Pulumi.${stack}.yaml`), copy);
    const { stderr } = await pulumi(step, "config", "set", "--secret", "--config-file", copy, "check", "passed");
    return stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs Pulumi. Its output may have secrets and is not logged; its errors are. */
async function pulumi({ context, progress }: Step, ...args: readonly string[]) {
  const { repository, environment, signal } = context;
  const result = await run(["pulumi", ...args], { cwd: repository, env: environment, signal });
  if (result.stderr !== "") progress.log(result.stderr);
  return result;
}
