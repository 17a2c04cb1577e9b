import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runLogged, type Step } from "../tools/tools";

/** A GnuPG home with the key that signs images. */
export interface SigningKey {
  readonly home: string;
  /** The public key, in armour. */
  readonly publicKey: string;
}

/** The key of this machine; generated once. @throws CommandError */
export async function signingKey(step: Step): Promise<SigningKey> {
  const home = join(step.context.folders.config, "signing");
  const publicKey = join(home, "image.pub");
  if (existsSync(publicKey)) return { home, publicKey };
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const gpg = (...args: readonly string[]) => runLogged(step, ["gpg", "--homedir", home, "--batch", ...args]);
  const kind = ["ed25519", "sign", "never"];
  await gpg("--quiet", "--passphrase", "", "--quick-generate-key", "swarm-farm images", ...kind);
  const keys = await gpg("--with-colons", "--list-keys");
  const fingerprint = keys.split("\n").find((line) => line.startsWith("fpr:"))?.split(":")[9] ?? "";
  writeFileSync(join(home, "fingerprint"), `${fingerprint}\n`);
  // Last: the key counts as generated when this file exists.
  await gpg("--armor", "--export", "--output", publicKey);
  await runLogged(step, ["gpgconf", "--homedir", home, "--kill", "all"]);
  return { home, publicKey };
}
