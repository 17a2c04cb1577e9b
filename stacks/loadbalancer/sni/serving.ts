import { wildcardOf } from "../base/hosts";
import { container, type LoadBalancerPlan } from "../base/types";

type Plan = Pick<LoadBalancerPlan, "certificates" | "certificateFile">;

/** The name below `/run/secrets` of a further certificate. */
export function secretName(certificate: string): string {
  return `tls-${certificate}.pem`;
}

function fileOf(certificate: string): string {
  return `/run/secrets/${secretName(certificate)}`;
}

/** The host names of all further certificates. */
export function certifiedHosts({ certificates = [] }: Plan): string[] {
  return certificates.flatMap(({ hosts }) => hosts);
}

/** The file of the certificate for a host: one that has its name, else one whose wildcard covers it, else the default. */
export function certificateFor(
  { certificates = [], certificateFile = container.certificate }: Plan,
  host: string | undefined,
): string {
  const found = [host, wildcardOf(host)].flatMap(
    (asked) => certificates.find(({ hosts }) => asked !== undefined && hosts.includes(asked)) ?? [],
  );
  return found[0] ? fileOf(found[0].name) : certificateFile;
}

/** The certificates of a `bind` of HAProxy. */
export function haproxyCertificates({ certificates = [], certificateFile = container.certificate }: Plan): string {
  return certificates.length === 0 ? `crt ${certificateFile}` : `crt-list ${container.certificateList}`;
}

/** HAProxy's list of certificates, which needs a file of its own; none where one certificate is for all names. */
export function certificateList({ certificates = [], certificateFile = container.certificate }: Plan) {
  if (certificates.length === 0) return [];
  const lines = [
    // The first is for all names that no other has, its own among them.
    `${certificateFile} !*`,
    ...certificates.map(({ name, hosts }) => [fileOf(name), ...hosts].join(" ")),
  ];
  return [{ path: container.certificateList, content: lines.map((line) => `${line}\n`).join("") }];
}
