import type { Problem } from "../../infra/config/problem";
import type { RuleContext } from "../contract";
import type { RouteTarget } from "../contract/routes";
import type { LoadBalancerConfig, RouteConfig } from "./schema";
import { readTimeoutOf, type Route } from "./base/types";

/**
 * The name of a route's cookie. Browsers take a cookie with this prefix over HTTPS alone, for one host name and all its paths, so that
 * neither plain HTTP nor a subdomain can set it.
 */
export function cookieName({ name }: Pick<Route, "name">): string {
  return `__Host-task-${name}`;
}

/**
 * HAProxy's lines for a route whose clients stay with a task: it sets the cookie, which the service does not see, where a request has
 * none or one of a task that is gone. The value is a keyed hash of the task's address, so that all load balancers have the same for a
 * task, and a client can choose among the tasks of its route alone.
 */
export function stickyLines(route: Route): string[] {
  if (!route.sticky) return [];
  return [
    `dynamic-cookie-key ${route.name}`,
    `cookie ${cookieName(route)} insert indirect nocache httponly secure attr SameSite=Lax dynamic`,
  ];
}

/** Settings and target of a route: with `sticky` it leads to the tasks themselves, with the read timeout that it has without. */
export function withTasks(settings: RouteConfig, target: RouteTarget): { settings: RouteConfig; target: RouteTarget } {
  if (!settings.sticky || target.kind !== "service") return { settings, target };
  const readTimeoutSeconds = settings.readTimeoutSeconds ?? readTimeoutOf({ target });
  return { settings: { ...settings, readTimeoutSeconds }, target: { ...target, endpoint: "tasks" } };
}

/** Routes with `sticky` whose clients the load balancer cannot keep on a task. */
export function stickyProblems(
  { implementation, routes = {} }: LoadBalancerConfig,
  { targets }: Pick<RuleContext, "targets">,
): Problem[] {
  return Object.entries(routes).flatMap(([name, { sticky }]): Problem[] => {
    if (!sticky) return [];
    const path = `loadbalancer.routes.${name}.sticky`;
    if (implementation === "nginx")
      return [
        {
          path,
          message:
            "cannot be used with nginx, whose package in Debian has no cookie for tasks that come and go; set loadbalancer.implementation to haproxy, or remove it",
        },
      ];
    const target = targets[name];
    if (target?.kind !== "http") return [];
    const port = String(target.port);
    const message = `needs tasks that the load balancer chooses, and port ${port} of the routing mesh chooses them itself; remove the key that publishes ${port}, or sticky`;
    return [{ path, message }];
  });
}
