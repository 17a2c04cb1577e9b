import type { Problem } from "../infra/config/problem";
import type { StackPlans } from "./contract";
import type { PublishedPort } from "./contract/entries";
import { accessRules, hasRoute } from "./contract/routes";

type Plans = Pick<StackPlans, "ports" | "routes" | "targets" | "edge">;

/** Published ports through which clients would bypass the access rules of a route. */
export function bypassProblems(plans: Plans): Problem[] {
  return besides(plans).flatMap(({ port, route, rules }): Problem[] => {
    if (rules.length === 0) return [];
    const all = rules.join(" and ");
    const message = `${shown(port)}, beside the route '${route}' with ${all}, which do not hold there; such a route is the only way to its service: remove the port, which the load balancer does not need, or ${all} of the route`;
    return [{ path: port.key, message }];
  });
}

/** Published ports beside a route that all may use, a line each. */
export function bypassWarnings(plans: Plans): string[] {
  return besides(plans).flatMap(({ port, route, rules }) =>
    rules.length > 0
      ? []
      : [
          `${port.key}: ${shown(port)}, beside the route '${route}': clients reach the service there without TLS, and can send any X-Forwarded-For; remove the port if the route is enough`,
        ],
  );
}

/** Each port with each route that leads to the same pages: its stack names it, or the load balancer uses that port. */
function besides(plans: Plans) {
  return plans.ports.flatMap((port) => {
    const byMesh = Object.entries(plans.targets).flatMap(([route, target]) =>
      (target.kind === "http" && target.port === port.port) ||
      (target.kind === "service" && target.service === port.to?.service && target.port === port.to.port)
        ? [route]
        : [],
    );
    return [...new Set([...(port.routes ?? []), ...byMesh])]
      .filter((route) => hasRoute(plans.edge, route))
      .map((route) => ({ port, route, rules: accessRules(plans, route) }));
  });
}

function shown({ port, host = false }: PublishedPort): string {
  const where = host ? "the nodes of its tasks" : "every node";
  return port === undefined
    ? `publishes a port that Swarm chooses on ${where}`
    : `publishes ${String(port)} on ${where}`;
}
