import type { RouteTarget } from "../../contract/routes";
import { hostRank } from "./hosts";

/** The target of a route. */
export type Target =
  /** HTTP on a port that the mesh publishes on every node. */
  | { readonly kind: "http"; readonly servers: readonly Server[] }
  /** FastCGI or HTTP of a service on a network of the load balancer, by its name, which is looked up again when it expires. */
  | Exclude<RouteTarget, { readonly kind: "http" }>;

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
  /** A name, or `*.` and a name. Default: any host name. */
  readonly host?: string | undefined;
  /** Begins and ends with `/`; stripped before the request is passed on. */
  readonly path: string;
  readonly target: Target;
  /** Whether it requires a user and password, or with `oidc` a login at the provider. */
  readonly login?: boolean | "oidc" | undefined;
  /** Whether its service does not get the cookie of a login at the provider. Default: false. */
  readonly dropsSession?: boolean | undefined;
  /** Networks of clients that may use it. Default: all. */
  readonly allow?: readonly string[] | undefined;
  readonly rateLimit?: RateLimit | undefined;
  /** The largest request body. Default: `defaultBodyMiB`. */
  readonly bodyMiB?: number | undefined;
  /** Whether text is compressed. Default: it is not. */
  readonly compression?: boolean | undefined;
  /** Protocol of the service. Default: `http`. */
  readonly protocol?: "http" | "grpc" | undefined;
  /** Default: see `readTimeoutOf`. */
  readonly readTimeoutSeconds?: number | undefined;
  /** Whether a client stays with one task. HAProxy alone. Default: false. */
  readonly sticky?: boolean | undefined;
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

/** Who may name a client's address in front of TLS, and on which port. */
export interface ProxyProtocol {
  readonly port: number;
  readonly from: readonly string[];
}

/** A port of the load balancer that passes TCP or UDP on. */
export interface Listener {
  /** On the nodes. */
  readonly published: number;
  /** In the container. */
  readonly listen: number;
  readonly protocol: "tcp" | "udp" | "tls";
  /** Networks of clients that may use it. Default: all. */
  readonly allow?: readonly string[] | undefined;
  /** How long a connection may be silent. */
  readonly timeoutSeconds: number;
  /** Services on the edge network, the port in their containers, and with `tls` the name that a client asks for; else there is one. */
  readonly upstreams: readonly {
    readonly name: string;
    readonly service: string;
    readonly port: number;
    readonly host?: string | undefined;
  }[];
}

/** Everything that a load balancer's configuration is rendered from. */
export interface LoadBalancerPlan {
  readonly routes: readonly Route[];
  /** The published port, for redirects. */
  readonly httpsPort: number;
  /** For Strict-Transport-Security. Default: no such header. */
  readonly hsts?: Hsts | undefined;
  /** Networks of proxies in front of this one, whose headers about the client are used. Default: none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** The published port for connections that begin with a PROXY protocol header, and the networks that may use it. Default: none. */
  readonly proxyProtocol?: ProxyProtocol | undefined;
  /** How long a task that is replaced serves the connections that it has. Default: as Docker's grace lets it. */
  readonly drainSeconds?: number | undefined;
  /** The file of certificate, chain and key. Default: `container.certificate`. */
  readonly certificateFile?: string | undefined;
  /** Further certificates, by the host names that each is for. Default: none. */
  readonly certificates?: readonly { readonly name: string; readonly hosts: readonly string[] }[] | undefined;
  /** Ports for what is no HTTP. Default: none. */
  readonly streams?: readonly Listener[] | undefined;
  /** The thumbprint of an ACME account, by which HTTP-01 is answered. Default: it is not. */
  readonly acmeThumbprint?: string | undefined;
}

/** Ports and files in the container, the same for nginx and HAProxy. */
export const container = {
  httpPort: 8080,
  httpsPort: 8443,
  /** TLS behind a PROXY protocol header. */
  proxyProtocolPort: 8444,
  /** Certificate, chain and key in one PEM file. */
  certificate: "/run/secrets/tls.pem",
  /** HAProxy's list of certificates and their names. */
  certificateList: "/etc/haproxy/certificates.list",
  /** `user:hash` lines. */
  logins: "/run/secrets/logins",
} as const;

/** Attempts on different servers before the client gets an error. */
export const maxAttempts = 4;

/** The connect timeout: how long a request to a lost node waits. Linux sends a lost SYN again after 1 s. */
export const connectSeconds = 2;

/** The latest retry after a request. */
const retrySeconds = 15;

/** The largest headers of a request or a response, in KiB: 32 for the application, the rest for what servers add. */
export const headerKiB = 36;

/** The default read timeout, and the longest pause in a request's body. */
export const readTimeoutSeconds = 60;

/** How long a client may take for the headers of a request: as Apache's mod_reqtimeout, which has 20 to 40. */
export const headerSeconds = 20;

/**
 * The most connections, of clients and to servers. HAProxy has 43 KiB for a TLS connection that is silent (measured, 2.6), so it stays
 * within the task's memory; nginx closes the oldest silent ones for new ones.
 */
export const maxConnections = 2048;

/** The read timeout of services that are reached by their VIP: a page of theirs may wait for events. */
const serviceReadTimeoutSeconds = 3600;

/**
 * The name at which Docker's DNS server has a service: its VIP, or with `tasks` the addresses of all tasks, so that a failed
 * connection is retried on another.
 */
export function nameOf(target: Exclude<Target, { readonly kind: "http" }>): string {
  return isByTask(target) ? `tasks.${target.service}` : target.service;
}

/** Whether the load balancer knows the address of each task. */
export function isByTask(target: Target | RouteTarget): boolean {
  return target.kind === "fastcgi" || (target.kind === "service" && target.endpoint === "tasks");
}

/** The default limit of a request's body. */
export const defaultBodyMiB = 100;

/** Settings of php that let a body of that size pass: its own defaults are 2 and 8 MB. */
export function phpLimits(bodyMiB: number): string {
  return `upload_max_filesize=${String(bodyMiB)}M\\npost_max_size=${String(bodyMiB)}M`;
}

/** The longest pause in a response, in seconds; an idle WebSocket is closed after it too. */
export function readTimeoutOf({
  readTimeoutSeconds: own,
  target,
}: Pick<Route, "readTimeoutSeconds"> & { readonly target: Target | RouteTarget }): number {
  return own ?? (target.kind === "service" && !isByTask(target) ? serviceReadTimeoutSeconds : readTimeoutSeconds);
}

/** The latest retry in seconds: before the read timeout, so that a page that is too slow runs once. */
export function retrySecondsOf(route: Route): number {
  return Math.min(retrySeconds, readTimeoutOf(route) - 1);
}

/**
 * A path with a segment `.` or `..`, encoded or with a parameter (`/..;/`), as a regular expression of both programs. Clients resolve
 * these segments before they send a path; servers differ in what they do with them, so that a path would pass a route's access rules.
 */
export const dotSegment = String.raw`(/|%2f|%5c|\x5c)(\.|%2e){1,2}(;|/|%2f|%5c|\x5c|$)`;

/** A name or address of a `Host`, and its optional port, as regular expressions of both programs. */
export const validHost = { name: String.raw`[a-z0-9._-]+|\[[0-9a-f:.]+\]`, port: "(:[0-9]{1,5})?" } as const;

/** Headers that servers take for something else: `Proxy` is HTTP_PROXY for a script. */
export const droppedHeaders = ["Proxy"] as const;

/** Sorts the most specific route first: a host name before a wildcard before none, a long path before a short one. */
export function bySpecificity(routes: readonly Route[]): Route[] {
  return [...routes].sort((a, b) => hostRank(b) - hostRank(a) || b.path.length - a.path.length);
}

/** A section of nginx's or HAProxy's configuration: its first line, and those below it. */
export interface Section {
  readonly head: string;
  readonly body: readonly string[];
}
