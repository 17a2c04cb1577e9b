import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
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
  await endAgent(step, home);
  return { home, publicKey };
}

/** GnuPG starts an agent for a home with a private key, which would stay. */
async function endAgent(step: Step, home: string): Promise<void> {
  await runLogged(step, ["gpgconf", "--homedir", home, "--kill", "all"]);
}

/**
 * Runs a program that signs, with a copy of the key's GnuPG home, and ends the agent that GnuPG starts there: one that stayed would
 * belong to a folder that may be gone with the next run, and two runs at once would share it.
 */
export async function withSigningHome(step: Step, key: SigningKey, use: (home: string) => Promise<void>): Promise<void> {
  // Not in the cache: GnuPG's sockets lie in its home, and a socket's path has at most 107 characters.
  const home = mkdtempSync(join(tmpdir(), "swarm-farm-signing-"));
  try {
    // By name: an agent that is told to end removes its sockets and locks later, also while they are read here.
    const isCopied = (file: string) => !/^(?:S\.|\.#)|\.lock$/.test(basename(file));
    cpSync(`${key.home}/`, home, { recursive: true, dereference: true, filter: isCopied });
    await use(home);
  } finally {
    // The key must not stay there, whatever becomes of the agent.
    await endAgent(step, home).finally(() => {
      rmSync(home, { recursive: true, force: true });
    });
  }
}
