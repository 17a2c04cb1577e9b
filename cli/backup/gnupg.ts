import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stage } from "../process/chain";
import { run } from "../process/run";

/** GnuPG as programs of a chain, with one passphrase and no keys of the person's. */
export interface Gnupg {
  readonly decrypt: Stage;
  /** @param file that is written */
  encryptTo(file: string): Stage;
}

/** A passphrase of a person's own may be short: each guess must take long. */
const slow = ["--cipher-algo", "AES256", "--s2k-digest-algo", "SHA512", "--s2k-count", "65011712"];

/** Lends GnuPG for as long as the work takes; its agent and its folder are removed after that. */
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
