import type { Read } from "../contract";
import { readDirectory } from "./acme/read";
import { readCertificate, type OwnCertificate } from "./base/certificate";
import { readProvider } from "./oidc/read";
import type { LoadBalancerConfig } from "./schema";
import { readCertificates, type NamedCertificate } from "./sni/read";

/** The files that a load balancer's configuration names. */
export interface LoadBalancerFiles {
  readonly own: OwnCertificate | undefined;
  /** The certificate of the CA of an ACME directory, in PEM. */
  readonly directoryCa: string | undefined;
  /** The certificate of the CA of the provider of logins, in PEM. */
  readonly providerCa: string | undefined;
  /** Those of `loadbalancer.certificates`. */
  readonly certificates: readonly NamedCertificate[];
}

/**
 * Reads them, and checks that credentials beside them are encrypted.
 *
 * @param secrets paths of values that are secret
 */
export function readFiles(
  config: Pick<LoadBalancerConfig, "certificate" | "certificates" | "oidc">,
  folder: string,
  secrets: readonly string[],
): Read<LoadBalancerFiles> {
  const own = readCertificate(config, folder);
  const directory = readDirectory(config.certificate?.acme, folder, secrets);
  const provider = readProvider(config.oidc, folder, secrets);
  const certificates = readCertificates(config, folder);
  return {
    files: {
      own: own.files,
      directoryCa: directory.files,
      providerCa: provider.files,
      certificates: certificates.files,
    },
    problems: [...own.problems, ...certificates.problems, ...directory.problems, ...provider.problems],
  };
}
