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

/** How long browsers keep to HTTPS for a host name, and whether for its subdomains too. */
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

/** Tries on other servers before a client sees an error. */
export const tries = 4;

/** The connect timeout: what a lost node costs, and long enough for Linux to send a lost SYN again after 1 s. */
export const connectSeconds = 2;

/** No retry begins later than this after the request: less than a read timeout, so that a slow page runs once. */
export const retrySeconds = 15;

/** The largest headers of a request or a response, in KiB: 32 for the application, the rest for what servers add. */
export const headerKiB = 36;

/** The longest wait for an answer. */
export const answerSeconds = 60;

/** The most specific route comes first: with a host name before without, a long path before a short one. */
export function bySpecificity(routes: readonly Route[]): Route[] {
  return [...routes].sort(
    (a, b) => Number(b.host !== undefined) - Number(a.host !== undefined) || b.path.length - a.path.length,
  );
}
