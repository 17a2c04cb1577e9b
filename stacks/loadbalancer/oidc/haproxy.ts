import type { Section } from "../base/types";
import { foreignHeaders, isOidc, oidc, sessionCookie, userHeaders, type Guarded } from "./plan";

/** The socket on which the script reaches HAProxy's own backend. */
const socket = "/tmp/oidc.sock";

/** The tasks of oauth2-proxy that are used at once. */
const slots = 8;

/** The `global` line that loads the script; none without a route that needs it. */
export function haproxyScript(routes: readonly Guarded[]): string[] {
  return routes.some(isOidc) ? [`lua-load-per-thread ${oidc.script}`] : [];
}

/**
 * Rules of the frontend: the pages of the login, on each host that has a route with one.
 *
 * @param hostTest the test of a route's host, with a space before it, or nothing
 */
export function haproxyLogin<R extends Guarded>(routes: readonly R[], hostTest: (route: R) => string): string[] {
  const tests = [...new Set(routes.filter(isOidc).map(hostTest))];
  const from = ["X-Auth-Request-Redirect", "X-Forwarded-Uri"];
  return tests.flatMap((test) => {
    const pages = `if${test} { path_beg ${oidc.prefix} }`;
    return [
      `http-request return status 404 if${test} { path ${oidc.prefix}auth }`,
      ...from.map((header) => `http-request del-header ${header} ${pages}`),
      `use_backend oidc_proxy ${pages}`,
    ];
  });
}

/**
 * Rules of a route's backend: the script asks oauth2-proxy, and answers what oauth2-proxy answers if the user is not known. They stand
 * before the path is changed.
 */
export function haproxyOidc(route: Guarded): string[] {
  const cookies = route.dropsSession
    ? [
        `http-request replace-header Cookie '${sessionCookie}' '\\1\\5'`,
        "http-request del-header Cookie if { req.hdr(cookie) -m len 0 }",
      ]
    : [];
  if (!isOidc(route)) return cookies;
  return [
    `http-request lua.oidc ${socket}`,
    "http-request deny deny_status 503 unless { var(txn.oidc) -m bool }",
    ...foreignHeaders.map((header) => `http-request del-header ${header}`),
    ...userHeaders.flatMap(({ header, variable }) => [
      `http-request del-header ${header}`,
      `http-request set-header ${header} %[var(txn.${variable})] if { var(txn.${variable}) -m found }`,
    ]),
    ...cookies,
  ];
}

/** The frontend for the script, and the backend with the tasks of oauth2-proxy, which is checked. */
export function haproxyProxies(routes: readonly Guarded[]): Section[] {
  if (!routes.some(isOidc)) return [];
  const at = `tasks.${oidc.service}:${String(oidc.port)} resolvers docker init-addr none resolve-prefer ipv4`;
  return [
    {
      head: "frontend oidc_script",
      body: [
        `bind ${socket} mode 600`,
        // Its requests belong to others, which are logged.
        "option dontlog-normal",
        "default_backend oidc_proxy",
      ],
    },
    {
      head: "backend oidc_proxy",
      body: [
        "timeout server 30s",
        "balance roundrobin",
        `server-template oidc ${String(slots)} ${at} check inter 3s fall 2 rise 1`,
      ],
    },
  ];
}
