import { execFileSync } from "node:child_process";
import { join } from "node:path";

const openssl = (args: readonly string[], input?: Buffer) => execFileSync("openssl", args, { stdio: "pipe", input });

/** Makes a private key of the kind that the farm generates, and returns its file. */
export function makeKey(folder: string, name: string): string {
  const file = join(folder, name);
  openssl(["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file]);
  return file;
}

/**
 * Makes a certificate of a key, signed by itself, and returns its file.
 *
 * @param days how long it is valid; -1 is one that has ended. Default: 90
 */
export function makeCertificate(folder: string, name: string, key: string, subject: string, days = 90): string {
  const file = join(folder, name);
  const request = ["req", "-new", "-key", key, "-subj", `/CN=${subject}`];
  const until = ["-days", String(days), "-out", file];
  if (days > 0) openssl([...request, "-x509", ...until]);
  // `req` makes none that has ended.
  else openssl(["x509", "-req", "-signkey", key, ...until], openssl(request));
  return file;
}
