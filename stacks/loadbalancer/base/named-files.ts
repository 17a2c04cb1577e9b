import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Read } from "../../contract";

/** Whether there is a file, and no folder. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * Reads the certificate of a CA in PEM, if the configuration names one.
 *
 * @param key of the file in the configuration
 */
export function readCa(key: string, file: string | undefined, folder: string): Read<string | undefined> {
  if (file === undefined) return { files: undefined, problems: [] };
  const path = resolve(folder, file);
  const refused = (message: string) => ({
    files: undefined,
    problems: [{ path: key, message: `is '${file}'; ${message}` }],
  });
  if (!isFile(path)) return refused("there is no such file");
  const pem = readFileSync(path, "utf8");
  try {
    new X509Certificate(pem);
  } catch {
    return refused("it is no certificate in PEM; name the file of the CA's certificate");
  }
  return { files: pem, problems: [] };
}
