import type { Problem } from "../../../infra/config/problem";
import { defaultDirectory, type AcmeConfig } from "./schema";

const path = "loadbalancer.certificate";

/** Names of the machine itself, where no CA can look (RFC 6761). */
const machineNames = /(^|\.)localhost$/;

/** Names that are not in the public DNS (RFC 6761, 6762, 9476, ICANN 2024), and names of one part. A CA of your own may know them. */
const privateNames = /^[^.]*$|(^|\.)(localhost|local|internal|invalid|test|example|alt|onion)$/;

/** The keys that these rules are about. */
interface Keys {
  readonly certificate?:
    { readonly acme?: AcmeConfig | undefined; readonly cert?: string; readonly key?: string } | undefined;
  readonly hostnames: readonly string[];
  readonly image?: string | undefined;
}

/** A certificate is either in files or from an ACME directory; names of the latter can be proved. */
export function certificateProblems({ certificate, hostnames, image }: Keys): Problem[] {
  if (!certificate) return [];
  const { acme, ...files } = certificate;
  if (acme === undefined) return missingFiles(files);
  return [
    ...Object.keys(files).map((key) => ({
      path: `${path}.${key}`,
      message: `cannot be used with 'acme': the certificate has one source; remove one of them`,
    })),
    ...(image === undefined
      ? []
      : [
          {
            path: "loadbalancer.image",
            message: `cannot be used with '${path}.acme', whose image fetches the certificate; remove one of them`,
          },
        ]),
    ...namesProblems(hostnames, acme),
  ];
}

function missingFiles(files: Readonly<Partial<Record<"cert" | "key", string>>>): Problem[] {
  const names = ["cert", "key"] as const;
  if (names.every((name) => files[name] === undefined))
    return [{ path, message: "has no certificate; set 'cert' and 'key', or 'acme', or remove it" }];
  return names
    .filter((name) => files[name] === undefined)
    .map((name) => ({ path: `${path}.${name}`, message: "is missing; must be a text" }));
}

/** The most names in a certificate of Let's Encrypt. */
const mostNames = 100;

function namesProblems(names: readonly string[], { directory, dns }: AcmeConfig): Problem[] {
  const unproved = directory === defaultDirectory ? privateNames : machineNames;
  const at = "loadbalancer.hostnames";
  const problem = (message: string) => ({ path: at, message });
  return [
    ...(names.length === 0 ? [problem("is empty; list the names that the certificate is for")] : []),
    ...(names.length > mostNames
      ? [problem(`has ${String(names.length)} names; a certificate has at most ${String(mostNames)}`)]
      : []),
    ...names.flatMap((name) => {
      if (unproved.test(name))
        return [
          problem(
            `'${name}' cannot be proved to ${directory}; list names that it can look up, or remove '${path}.acme'`,
          ),
        ];
      return name.startsWith("*.") && !dns
        ? [problem(`'${name}' cannot be proved by HTTP-01; set '${path}.acme.dns', or list each name`)]
        : [];
    }),
  ];
}
