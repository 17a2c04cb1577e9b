/** The target of a route. */
export type Target =
  /** HTTP on a port that the mesh publishes on every node. */
  | { readonly kind: "http"; readonly servers: readonly Server[] }
  /** FastCGI on a port that the mesh publishes on every node; the scripts are below `root` there. */
  | { readonly kind: "fastcgi"; readonly servers: readonly Server[]; readonly root: string }
  /** HTTP of a service on a network of the load balancer, by its name, which is looked up again when it expires. */
  | { readonly kind: "service"; readonly service: string; readonly port: number };

/** A node, as an upstream server. */
export interface Server {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** Requests per second and client address, and the burst above that. */
export interface RateLimit {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** A route: which requests it matches, its target, and who may use it. */
export interface Route {
  /** Its name in logs and configuration. */
  readonly name: string;
  /** Default: any host name. */
  readonly host?: string | undefined;
  /** Begins and ends with `/`; stripped before the request is passed on. */
  readonly path: string;
  readonly target: Target;
  /** Whether it requires a user and password. */
  readonly login?: boolean | undefined;
  /** Networks of clients that may use it. Default: all. */
  readonly allow?: readonly string[] | undefined;
  readonly rateLimit?: RateLimit | undefined;
}

/** HTTP Strict Transport Security: how long browsers use HTTPS alone, and whether for subdomains too. */
export interface Hsts {
  readonly maxAgeSeconds: number;
  readonly includeSubDomains: boolean;
}

/** The value of Strict-Transport-Security. */
export function hstsValue({ maxAgeSeconds, includeSubDomains }: Hsts): string {
  return `max-age=${String(maxAgeSeconds)}${includeSubDomains ? "; includeSubDomains" : ""}`;
}

/** Everything that a load balancer's configuration is rendered from. */
export interface LoadBalancerPlan {
  readonly routes: readonly Route[];
  /** The published port, for redirects. */
  readonly httpsPort: number;
  /** For Strict-Transport-Security. Default: no such header. */
  readonly hsts?: Hsts | undefined;
}

/** Ports and files in the container, the same for nginx and HAProxy. */
export const container = {
  httpPort: 8080,
  httpsPort: 8443,
  /** Certificate, chain and key in one PEM file. */
  certificate: "/run/secrets/tls.pem",
  /** `user:hash` lines. */
  logins: "/run/secrets/logins",
} as const;

/** Attempts on different servers before the client gets an error. */
export const maxAttempts = 4;

/** The connect timeout: how long a request to a lost node waits. Linux sends a lost SYN again after 1 s. */
export const connectSeconds = 2;

/** The latest retry after a request: less than the read timeout, so that a slow page runs once. */
export const retrySeconds = 15;

/** The largest headers of a request or a response, in KiB: 32 for the application, the rest for what servers add. */
export const headerKiB = 36;

/** The read timeout. */
export const readTimeoutSeconds = 60;

/** Sorts the most specific route first: with a host name before without, a long path before a short one. */
export function bySpecificity(routes: readonly Route[]): Route[] {
  return [...routes].sort(
    (a, b) => Number(b.host !== undefined) - Number(a.host !== undefined) || b.path.length - a.path.length,
  );
}
