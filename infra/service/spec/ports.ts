import type * as docker from "@pulumi/docker";

/** A port, or with `count` that many ports in a row, that a service publishes. */
export interface Port {
  /** In the container; the first of several. */
  readonly target: number;
  /** On the nodes; the first of several. Default: Swarm chooses one from 30000 on. */
  readonly published?: number;
  /**
   * `ingress`: on every node by the routing mesh. `host`: where a task runs, which keeps the client's address. Default:
   * `ingress`.
   */
  readonly mode?: "ingress" | "host";
  /** Default: `tcp`. */
  readonly protocol?: "tcp" | "udp" | "sctp";
  /** How many ports in a row: `{ target: 8000, published: 9000, count: 3 }` is 9000-9002:8000-8002. Default: 1. */
  readonly count?: number;
}

/** A port of the node itself. */
export interface HostPort extends Port {
  readonly mode: "host";
}

/** How other services find the tasks: by one virtual address, or by the addresses of all. The routing mesh needs the former. */
export type Endpoint =
  | {
      /** Default: `vip`. */
      readonly endpointMode?: "vip";
      readonly ports?: readonly Port[];
    }
  | { readonly endpointMode: "dnsrr"; readonly ports?: readonly HostPort[] };

/** Always there: without it the provider keeps the ports that the service had. */
export function endpointSpec({ endpointMode = "vip", ports = [] }: Endpoint): docker.types.input.ServiceEndpointSpec {
  return { mode: endpointMode, ports: ports.length > 0 ? ports.flatMap(each) : undefined };
}

function each({ target, published, mode = "ingress", protocol = "tcp", count = 1 }: Port) {
  return Array.from({ length: count }, (_, at) => ({
    protocol,
    publishMode: mode,
    publishedPort: published === undefined ? undefined : published + at,
    targetPort: target + at,
  }));
}
