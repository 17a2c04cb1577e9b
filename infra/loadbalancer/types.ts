/** Where requests go. */
export type Target =
  /** HTTP on a port that the mesh publishes on every node. */
  | { readonly kind: "http"; readonly servers: readonly Server[] }
  /** FastCGI on a port that the mesh publishes on every node; the scripts are below `root` there. */
  | { readonly kind: "fastcgi"; readonly servers: readonly Server[]; readonly root: string }
  /** HTTP of a service on a network that the load balancer is on too, asked for by name at every turn. */
  | { readonly kind: "service"; readonly service: string; readonly port: number };

/** One way into the mesh. */
export interface Server {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** Requests per second and client address, and how many may come at once on top. */
export interface RateLimit {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** Which requests go where, and who may make them. */
export interface Route {
  /** Names it in logs and configuration. */
  readonly name: string;
  /** Default: any host name. */
  readonly host?: string | undefined;
  /** Begins and ends with `/`; it is taken off before the request is passed on. */
  readonly path: string;
  readonly target: Target;
  /** Whether a user and password are asked for. */
  readonly login?: boolean | undefined;
  /** Networks that may come. Default: all. */
  readonly allow?: readonly string[] | undefined;
  readonly rateLimit?: RateLimit | undefined;
}

/** Everything that a load balancer's configuration is rendered from. */
export interface LoadBalancerPlan {
  readonly routes: readonly Route[];
  /** The published port, for redirects. */
  readonly httpsPort: number;
}

/** Ports and files in the container, the same for every software. */
export const container = {
  httpPort: 8080,
  httpsPort: 8443,
  /** Certificate, chain and key in one PEM file. */
  certificate: "/run/secrets/tls.pem",
  /** `user:hash` lines. */
  logins: "/run/secrets/logins",
} as const;

/** Tries on other servers before a client sees an error. */
export const tries = 4;

/** A server that does not answer so often is left alone for so long. */
export const passive = { failures: 2, seconds: 10 } as const;

/** A node that is gone does not refuse, it says nothing: this is how long its silence costs. */
export const connectSeconds = 3;

/** The longest wait for an answer. */
export const answerSeconds = 60;

/** The most specific route comes first: with a host name before without, a long path before a short one. */
export function bySpecificity(routes: readonly Route[]): Route[] {
  return [...routes].sort(
    (a, b) => Number(b.host !== undefined) - Number(a.host !== undefined) || b.path.length - a.path.length,
  );
}
