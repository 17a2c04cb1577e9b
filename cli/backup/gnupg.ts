import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stage } from "../process/chain";
import { run } from "../process/run";

/** GnuPG as programs of a chain, with one passphrase and without the user's keys. */
export interface Gnupg {
  readonly decrypt: Stage;
  /** @param file that is written */
  encryptTo(file: string): Stage;
}

/** Slow key derivation, since a passphrase may be short. */
const slow = ["--cipher-algo", "AES256", "--s2k-digest-algo", "SHA512", "--s2k-count", "65011712"];

/** Runs the work with a temporary GnuPG home; its agent and folder are removed afterwards. */
export async function withGnupg<T>(passphrase: string, work: (gnupg: Gnupg) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), "gnupg-"));
  const stage = (...args: readonly string[]): Stage => ({
    argv: [
      ...(["gpg", "--homedir", home, "--batch", "--quiet", "--no-tty"] as const),
      ...["--pinentry-mode", "loopback", "--passphrase-fd", "3", ...args],
    ],
    secret: `${passphrase}\n`,
  });
  try {
    return await work({
      decrypt: stage("--decrypt"),
      encryptTo: (file) => stage("--symmetric", ...slow, "--output", file),
    });
  } finally {
    await run(["gpgconf", "--homedir", home, "--kill", "all"]);
    await rm(home, { recursive: true, force: true });
  }
}
