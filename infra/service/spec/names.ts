import type * as docker from "@pulumi/docker";
import { filled, type Text } from "./text";

/** A line of a container's `/etc/hosts`. A name may stand there with several addresses. */
export interface Host {
  readonly name: string;
  /** IPv4 or IPv6. */
  readonly address: Text;
}

/** A container's `/etc/resolv.conf`. Names of services are found in any case: Docker's own name server goes before. */
export interface Dns {
  /** Addresses of name servers. Default: those of the node. */
  readonly nameservers?: readonly Text[];
  /** Default: the node's. */
  readonly search?: readonly Text[];
  /** E.g. `ndots:1`. Default: the node's. */
  readonly options?: readonly Text[];
}

/** The line as the provider takes it. */
export function hostLine({ name, address }: Host): docker.types.input.ServiceTaskSpecContainerSpecHost {
  return { host: name, ip: address };
}

/** The provider asks for name servers even where only search domains are set. */
export function dnsConfig({
  nameservers = [],
  search,
  options,
}: Dns): docker.types.input.ServiceTaskSpecContainerSpecDnsConfig {
  return { nameservers: [...nameservers], searches: filled(search), options: filled(options) };
}
