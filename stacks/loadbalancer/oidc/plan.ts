/** Paths, names and ports that load balancer and oauth2-proxy share. */
export const oidc = {
  /** The path of the login on every host that has a route with one; the provider redirects to `callback` below it. */
  prefix: "/farm-oidc/",
  /** Browsers take a cookie with this prefix over HTTPS alone, for one host name, so that no subdomain can set it. */
  cookie: "__Host-farm-oidc",
  /** The service. */
  service: "loadbalancer-oidc",
  port: 4180,
  /** Where HAProxy has the script `ask.lua`. */
  script: "/etc/haproxy/oidc.lua",
} as const;

/** How the service of a route learns about the user: headers of oauth2-proxy's answer, and those of the request. */
export const userHeaders = ["User", "Email", "Preferred-Username", "Groups"].map((name) => ({
  variable: `oidc_${name.toLowerCase().replaceAll("-", "_")}`,
  answer: `X-Auth-Request-${name}`,
  header: `X-Forwarded-${name}`,
}));

/** Further headers by which applications know a user of oauth2-proxy. The service gets none of them from a client. */
export const foreignHeaders = [...userHeaders.map(({ answer }) => answer), "X-Forwarded-Access-Token"];

/** The parts of a route that matter here. */
export interface Guarded {
  readonly login?: boolean | "oidc" | undefined;
  /** See `withoutSessions`. */
  readonly dropsSession?: boolean | undefined;
}

/** Whether a route requires a login at the provider. */
export function isOidc({ login }: Guarded): boolean {
  return login === "oidc";
}

/**
 * The session's cookie, or the first part of one that is too long for one cookie, in `Cookie`: what stands before it is the first group,
 * what comes after it the last. Without its first part a session is none.
 */
export const sessionCookie = `^((.*; *)?)${oidc.cookie}(_0)?=[^;]*(; *)?(.*)$`;

/**
 * Routes whose services do not get the session's cookie: a service could be on other routes and hosts whoever used it. All of them, since
 * a browser sends it to every route of its host; none is marked where no route has a login at the provider.
 */
export function withoutSessions<R extends Guarded>(routes: readonly R[]): readonly R[] {
  return routes.some(isOidc) ? routes.map((route) => ({ ...route, dropsSession: true })) : routes;
}
