import { X509Certificate } from "node:crypto";
import { RouteHost } from "../../../infra/config/primitives";
import type { Problem } from "../../../infra/config/problem";
import type { Read } from "../../contract";
import { readPair, type OwnCertificate } from "../base/certificate";
import type { CertificatesConfig } from "./schema";

/** A certificate of `loadbalancer.certificates`. */
export interface NamedCertificate extends OwnCertificate {
  /** Its name in the configuration. */
  readonly name: string;
  /** The host names that it is for: DNS names, or `*.` and one. */
  readonly hosts: readonly string[];
}

/**
 * The host names of a certificate in PEM, in lower case; none if it has no DNS name. Names that no request can have are left out: so no
 * text of a certificate reaches a configuration that is not a host name.
 */
export function hostsOf(cert: string): string[] {
  const names = new X509Certificate(cert).subjectAltName?.split(", ") ?? [];
  const hosts = names.filter((name) => name.startsWith("DNS:")).map((name) => name.slice("DNS:".length).toLowerCase());
  return [...new Set(hosts)].filter((host) => RouteHost.safeParse(host).success);
}

/** Reads `loadbalancer.certificates`: each has its key and host names, and no two have one name. */
export function readCertificates(
  { certificates = {} }: { readonly certificates?: CertificatesConfig | undefined },
  folder: string,
): Read<readonly NamedCertificate[]> {
  const read = Object.entries(certificates).map(([name, paths]) => {
    const pair = readPair(pathOf(name), paths, folder);
    const usable = pair.problems.length === 0 ? pair.files : undefined;
    return { problems: pair.problems, named: usable && { name, ...usable, hosts: hostsOf(usable.cert) } };
  });
  const files = read.flatMap(({ named }) => named ?? []);
  return {
    files,
    problems: [
      ...read.flatMap(({ problems }) => problems),
      ...files.filter(({ hosts }) => hosts.length === 0).map(({ name }) => nameless(name, certificates[name]?.cert)),
      ...sharedNames(files),
    ],
  };
}

function pathOf(name: string): string {
  return `loadbalancer.certificates.${name}`;
}

function nameless(name: string, file = ""): Problem {
  return {
    path: `${pathOf(name)}.cert`,
    message: `is '${file}', which is for no host name; it must have DNS names (subjectAltName), by which clients ask for it`,
  };
}

function sharedNames(certificates: readonly NamedCertificate[]): Problem[] {
  const owners = new Map<string, string>();
  return certificates.flatMap(({ name, hosts }) =>
    hosts.flatMap((host): Problem[] => {
      const owner = owners.get(host);
      if (owner === undefined) {
        owners.set(host, name);
        return [];
      }
      const message = `is for '${host}', as '${pathOf(owner)}' is; a name has one certificate: remove one of them`;
      return [{ path: pathOf(name), message }];
    }),
  );
}
