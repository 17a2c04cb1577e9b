import { wildcardOf } from "../base/hosts";
import type { LoadBalancerPlan, Route } from "../base/types";
import { hostsOf } from "./read";

interface Config {
  readonly hostnames: readonly string[];
}
type Plan = Pick<LoadBalancerPlan, "certificates"> & { readonly routes: readonly Pick<Route, "name" | "host">[] };

/** Whether a certificate with these names is for a host. */
function covers(names: readonly string[], host: string): boolean {
  return names.includes(host) || names.includes(wildcardOf(host) ?? host);
}

/**
 * Warnings in the preview: hosts of routes that no certificate is for, and certificates that are for no host.
 *
 * @param own the certificate of `loadbalancer.certificate` in PEM. Default: one for `hostnames`
 */
export function certificateWarnings({ hostnames }: Config, plan: Plan, own?: string): string[] {
  const { certificates = [], routes } = plan;
  const names = [...(own === undefined ? hostnames : hostsOf(own)), ...certificates.flatMap(({ hosts }) => hosts)];
  const hosts = routes.flatMap(({ host }) => host ?? []);
  const where = own === undefined ? "'loadbalancer.hostnames'" : "that of 'loadbalancer.certificate'";
  return [
    ...routes.flatMap(({ name, host }) =>
      host === undefined || covers(names, host)
        ? []
        : [
            `route '${name}': no certificate is for its host '${host}', so that clients refuse it; add the name to ${where}, or its certificate to 'loadbalancer.certificates'`,
          ],
    ),
    ...certificates.flatMap(({ name, hosts: its }) =>
      // A wildcard of a route uses the certificate of each name that it covers.
      [...hosts, ...hostnames].some((host) => covers(its, host)) || its.some((host) => covers(hosts, host))
        ? []
        : [
            `loadbalancer.certificates.${name}: is for '${its.join("', '")}', and no route has such a host; add it to a route or to 'loadbalancer.hostnames', or remove the certificate`,
          ],
    ),
  ];
}
