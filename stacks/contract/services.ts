import type { Problem } from "../../infra/config/problem";
import type { ServiceConfig } from "../../infra/config/schema";
import type { TaskSettings } from "../../infra/service/tasks";
import { modeOf } from "../../infra/service/spec/mode";
import type { RuleContext } from ".";

/** Rules for every service whose replicas the configuration sets. */
export function serviceProblems({ services, nodes }: Pick<RuleContext, "services" | "nodes">): Problem[] {
  return Object.entries(services).flatMap(([path, service]) => [
    ...policyHolds(path, service),
    ...reservationsFit(path, service, nodes),
  ]);
}

/** The settings of a service's tasks; a policy by requests counts those of a route. */
export function tasksOf(
  { replicas, autoscale, reservations }: ServiceConfig & { readonly replicas: number | "global" },
  route: string,
): TaskSettings {
  return {
    mode: modeOf(replicas),
    reservations,
    autoscale: autoscale && { ...autoscale, ...(autoscale.metric === "requests" ? { route } : {}) },
  };
}

/** Policies need a minimum below the maximum, and a replicated service. */
function policyHolds(path: string, { autoscale: policy, replicas }: ServiceConfig): Problem[] {
  if (!policy) return [];
  const { min, max } = policy;
  return [
    ...(min > max
      ? [
          {
            path: `${path}.autoscale.min`,
            message: `is ${String(min)}, more than max ${String(max)}; lower min or raise max`,
          },
        ]
      : []),
    ...(replicas === "global"
      ? [
          {
            path: `${path}.autoscale`,
            message: "cannot scale a global service; set replicas to a number",
          },
        ]
      : []),
  ];
}

/** A task whose reservation exceeds every node would stay pending. */
function reservationsFit(path: string, { reservations = {} }: ServiceConfig, nodes: RuleContext["nodes"]): Problem[] {
  const sizes = [
    ["cpus", "vcpu"],
    ["memoryMiB", "memoryMiB"],
  ] as const;
  return sizes.flatMap(([key, size]) => {
    const reserved = reservations[key] ?? 0;
    const [name, most] = Object.entries(nodes)
      .map(([node, all]) => [node, all[size]] as const)
      .sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
    return reserved <= most
      ? []
      : [
          {
            path: `${path}.reservations.${key}`,
            message: `is ${String(reserved)}, more than any node has (${name}: ${size} ${String(most)}); lower it, or give a node more`,
          },
        ];
  });
}
