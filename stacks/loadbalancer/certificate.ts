import { createPrivateKey, X509Certificate } from "node:crypto";

/**
 * Says what is wrong with a certificate and its key in PEM, or nothing.
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
