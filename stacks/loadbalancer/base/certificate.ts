import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Read } from "../../contract";
import { isFile } from "./named-files";

/** A certificate with its chain and its key, in PEM. */
export interface OwnCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Reads the certificate of the configuration, if it has one in files. */
export function readCertificate(
  { certificate: { cert, key } = {} }: { readonly certificate?: Partial<OwnCertificate> | undefined },
  folder: string,
): Read<OwnCertificate | undefined> {
  if (cert === undefined || key === undefined) return { files: undefined, problems: [] };
  return readPair("loadbalancer.certificate", { cert, key }, folder);
}

/**
 * Reads a certificate and its key, and checks them.
 *
 * @param path of the configuration, for messages
 */
export function readPair(
  path: string,
  paths: Readonly<Record<"cert" | "key", string>>,
  folder: string,
): Read<OwnCertificate | undefined> {
  const missing = Object.entries(paths).filter(([, file]) => !isFile(resolve(folder, file)));
  if (missing.length > 0) {
    return {
      files: undefined,
      problems: missing.map(([key, file]) => ({
        path: `${path}.${key}`,
        message: `is '${file}'; there is no such file`,
      })),
    };
  }
  const own = {
    cert: readFileSync(resolve(folder, paths.cert), "utf8"),
    key: readFileSync(resolve(folder, paths.key), "utf8"),
  };
  const problem = certificateProblem(own.cert, own.key, Date.now());
  return { files: own, problems: problem ? [{ path, message: `cannot be used: ${problem}` }] : [] };
}

/**
 * The problem of a certificate and its key in PEM, if there is one.
 *
 * @param now in milliseconds since 1970
 */
export function certificateProblem(cert: string, key: string, now: number): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return "its cert is no certificate in PEM";
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return "its key does not belong to its cert";
  } catch {
    return "its key is no private key in PEM, or has a password";
  }
  const { validFrom, validTo } = certificate;
  if (Date.parse(validTo) <= now) return `its cert ended on ${validTo}; renew it`;
  if (Date.parse(validFrom) > now) return `its cert begins on ${validFrom}; is the clock of this machine right?`;
  return undefined;
}
