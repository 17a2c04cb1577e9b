import type { StackPlans } from ".";

/** How the reverse proxy in front of all stacks connects to upstreams that serve both protocols. */
export interface Edge {
  readonly protocol: "http" | "fastcgi";
  /** Its routes by name. Default: every route of the stacks, each with the stack's own settings. */
  readonly routes?: Readonly<Record<string, RouteSettings>> | undefined;
  /** Services that its ports of TCP and UDP lead to. Default: none. */
  readonly services?: readonly string[] | undefined;
  /** Where services on the edge network reach it with TLS, as clients do on a node. Default: nowhere. */
  readonly https?: { readonly service: string; readonly port: number };
  /** Where clients reach it with TLS, on every node. Default: 443. */
  readonly httpsPort?: number;
}

/** Who may use a route: what holds only while no other way leads to its service. */
export interface RouteAccess {
  /** Whether it requires a user and password, or with `oidc` a login at the provider. Default: it does not. */
  readonly login?: boolean | "oidc" | undefined;
  /** Networks of clients. Default: all. */
  readonly allow?: readonly string[] | undefined;
  /** Default: none. */
  readonly rateLimit?: object | undefined;
}

/** A route as the configuration of the reverse proxy has it. */
export interface RouteSettings extends RouteAccess {
  /** A name, or `*.` and a name. Default: any host. */
  readonly host?: string | undefined;
  /** Default: that of the stack. */
  readonly path?: string | undefined;
  readonly protocol?: "http" | "grpc" | undefined;
}

/** Where a route leads to. */
export type RouteTarget =
  /** HTTP on a port that the routing mesh publishes on every node. */
  | { readonly kind: "http"; readonly port: number }
  /** FastCGI of a service's tasks on a network that its stack publishes; the scripts are below `root` there. */
  | { readonly kind: "fastcgi"; readonly service: string; readonly port: number; readonly root: string }
  /** HTTP of a service without a published port, by its name on the edge network. */
  | {
      readonly kind: "service";
      readonly service: string;
      readonly port: number;
      /** `tasks`: each task by its own address, so that a failed connection is retried on another. Default: `vip`. */
      readonly endpoint?: "vip" | "tasks";
    };

/** A route to a stack, with its defaults where the configuration has no routes of its own. */
export interface RouteDefault extends Pick<RouteAccess, "login"> {
  /** A name, or `*.` and a name. Default: any host. */
  readonly host?: string | undefined;
  /** Begins and ends with `/`. */
  readonly path: string;
}

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

/** Where a route to a service leads: to its published port on the mesh, or without one to each of its tasks. */
export function webTarget(published: number | undefined, service: string, port: number): RouteTarget {
  return published === undefined
    ? { kind: "service", service, port, endpoint: "tasks" }
    : { kind: "http", port: published };
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
