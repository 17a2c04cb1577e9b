import type { Edge, RouteAccess, StackPlans } from ".";

/** Whether the reverse proxy has a route of this name. */
export function hasRoute(edge: Edge | undefined, name: string): boolean {
  return edge !== undefined && (edge.routes === undefined || name in edge.routes);
}

/**
 * The port of a service that the routing mesh publishes: without one of the configuration it is `fallback` where no route leads to
 * the service, and none where one does.
 */
export function publishedPort(
  port: number | undefined,
  fallback: number,
  edge: Edge | undefined,
  route: string,
): number | undefined {
  return port ?? (hasRoute(edge, route) ? undefined : fallback);
}

/** The keys of a route that restrict who may use it; none if the reverse proxy has no such route. */
export function accessRules({ edge, routes }: Pick<StackPlans, "edge" | "routes">, name: string): string[] {
  if (!hasRoute(edge, name)) return [];
  const { login = false, allow, rateLimit }: RouteAccess = (edge?.routes ?? routes)[name] ?? {};
  return [
    ...(login ? ["login"] : []),
    ...(allow === undefined ? [] : ["allow"]),
    ...(rateLimit === undefined ? [] : ["rateLimit"]),
  ];
}
