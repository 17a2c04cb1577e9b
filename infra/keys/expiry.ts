import { X509Certificate } from "node:crypto";

/**
 * When a certificate in PEM expires, in ISO 8601. In a chain the first certificate counts.
 *
 * @returns undefined where the text is not a certificate
 */
export function expiryOf(cert: string): string | undefined {
  try {
    return new Date(new X509Certificate(cert).validTo).toISOString();
  } catch {
    return undefined;
  }
}
