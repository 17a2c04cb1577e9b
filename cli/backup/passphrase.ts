import { existsSync, readFileSync } from "node:fs";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";

type Environment = Context["environment"];

/**
 * The passphrase of Pulumi's secrets, found as Pulumi finds it; backups are encrypted with it.
 *
 * @throws FarmError if there is none
 */
export function passphraseOf(environment: Environment): string {
  const file = environment.PULUMI_CONFIG_PASSPHRASE_FILE;
  const passphrase =
    environment.PULUMI_CONFIG_PASSPHRASE ??
    (file !== undefined && existsSync(file) ? readFileSync(file, "utf8").trim() : "");
  if (passphrase.split("\n")[0] === "")
    throw new FarmError(
      `there is no passphrase in ${passphraseSource(environment)}, and a backup holds secrets: put the stack's own there`,
    );
  return passphrase;
}

/** The variable or file that the passphrase comes from. */
export function passphraseSource(environment: Environment): string {
  const variable = "PULUMI_CONFIG_PASSPHRASE";
  return environment[variable] === undefined ? (environment.PULUMI_CONFIG_PASSPHRASE_FILE ?? variable) : variable;
}
