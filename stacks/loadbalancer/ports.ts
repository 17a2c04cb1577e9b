import type { PortPair } from "./handover/tasks";
import { container, type LoadBalancerPlan } from "./base/types";

/** The ports of every node, and those of a task that they lead to. */
export function portsOf(
  httpPort: number,
  { httpsPort, proxyProtocol, streams = [] }: LoadBalancerPlan,
): readonly PortPair[] {
  return [
    { target: container.httpPort, published: httpPort },
    { target: container.httpsPort, published: httpsPort },
    ...(proxyProtocol ? [{ target: container.proxyProtocolPort, published: proxyProtocol.port }] : []),
    ...streams.map(({ listen, published, protocol }) => ({
      target: listen,
      published,
      ...(protocol === "udp" ? { protocol } : {}),
    })),
  ];
}
