import type { Problem } from "../infra/config/problem";
import type { ServiceConfig } from "../infra/config/schema";
import type { TaskSettings } from "../infra/service/tasks";
import { modeOf } from "../infra/service/spec/mode";
import type { RuleContext } from "./contract";

/** Rules for every service whose replicas the configuration sets. */
export function serviceProblems({ services, nodes }: Pick<RuleContext, "services" | "nodes">): Problem[] {
  return Object.entries(services).flatMap(([path, service]) => [
    ...policyHolds(path, service),
    ...reservationsFit(path, service, nodes),
  ]);
}

/** The settings of a service's tasks; where requests count, they are those of a route. */
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

/** Bounds in order, and tasks that can be counted. */
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
            message: "cannot count a service that has one task on every node; set replicas to a number",
          },
        ]
      : []),
  ];
}

/** A task that no node is large enough for would wait forever. */
function reservationsFit(path: string, { reservations = {} }: ServiceConfig, nodes: RuleContext["nodes"]): Problem[] {
  const sizes = [
    ["cpus", "vcpu"],
    ["memoryMiB", "memoryMiB"],
  ] as const;
  return sizes.flatMap(([key, size]) => {
    const asked = reservations[key] ?? 0;
    const [name, most] = Object.entries(nodes)
      .map(([node, all]) => [node, all[size]] as const)
      .sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
    return asked <= most
      ? []
      : [
          {
            path: `${path}.reservations.${key}`,
            message: `is ${String(asked)}, more than any node has (${name}: ${size} ${String(most)}); lower it, or give a node more`,
          },
        ];
  });
}
