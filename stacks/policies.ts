import type { Problem } from "./problem";
import type { FarmConfig, ServiceConfig } from "./schema";

/** All services that may have several tasks, by their paths. */
function servicesOf({ hello, lamp }: FarmConfig): readonly (readonly [path: string, service: ServiceConfig])[] {
  return [
    ["hello", hello],
    ...(lamp
      ? ([
          ["lamp.nginx", lamp.nginx],
          ["lamp.php", lamp.php],
        ] as const)
      : []),
  ];
}

/** A task that no node is large enough for would wait for ever. */
export function reservationsFit(config: FarmConfig): Problem[] {
  const nodes = Object.entries(config.nodes);
  return servicesOf(config).flatMap(([path, { reservations = {} }]) =>
    (
      [
        ["cpus", "vcpu"],
        ["memoryMiB", "memoryMiB"],
      ] as const
    ).flatMap(([key, size]) => {
      const asked = reservations[key] ?? 0;
      const [name, most] = nodes
        .map(([node, sizes]) => [node, sizes[size]] as const)
        .sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
      return asked <= most
        ? []
        : [
            {
              path: `${path}.reservations.${key}`,
              message: `is ${String(asked)}, more than any node has (${name}: ${size} ${String(most)}); lower it, or give a node more`,
            },
          ];
    }),
  );
}

/** What an autoscaling policy needs: bounds in order, tasks that can be counted, and somebody who counts them. */
export function policiesHold(config: FarmConfig): Problem[] {
  const { loadbalancer, steward } = config;
  return servicesOf(config).flatMap(([path, { autoscale: policy, replicas }]) => {
    if (!policy) return [];
    const problems: Problem[] = [];
    const { min, max, metric } = policy;
    if (min > max)
      problems.push({
        path: `${path}.autoscale.min`,
        message: `is ${String(min)}, more than max ${String(max)}; lower min or raise max`,
      });
    if (replicas === "global")
      problems.push({
        path: `${path}.autoscale`,
        message: "cannot count a service that has one task on every node; set replicas to a number",
      });
    if (metric === "requests" && !loadbalancer)
      problems.push({
        path: `${path}.autoscale.metric`,
        message: "is 'requests', which the load balancer counts; add loadbalancer: {}, or use cpu",
      });
    if (!steward)
      problems.push({
        path: `${path}.autoscale`,
        message: "is followed by the steward, which is not deployed; add steward: {}",
      });
    return problems;
  });
}
