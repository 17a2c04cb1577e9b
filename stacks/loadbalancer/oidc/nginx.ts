import type { Section } from "../base/types";
import { foreignHeaders, isOidc, oidc, sessionCookie, userHeaders, type Guarded } from "./plan";

/** How oauth2-proxy is asked: it makes the URL of its callback from these headers. */
function toProxy(uri: string, returnTo: string, connectSeconds: number): string[] {
  return [
    // A variable of its own: a subrequest shares those of its request.
    `set $oidc_to tasks.${oidc.service}:${String(oidc.port)};`,
    `proxy_pass http://$oidc_to${uri};`,
    "proxy_http_version 1.1;",
    `proxy_connect_timeout ${String(connectSeconds)}s;`,
    "proxy_read_timeout 30s;",
    "proxy_redirect off;",
    'proxy_set_header Connection "";',
    "proxy_set_header Host $asked_host;",
    "proxy_set_header X-Real-IP $remote_addr;",
    "proxy_set_header X-Forwarded-For $remote_addr;",
    "proxy_set_header X-Forwarded-Proto $forwarded_proto;",
    "proxy_set_header X-Forwarded-Host $forwarded_host;",
    'proxy_set_header X-Forwarded-Uri "";',
    `proxy_set_header X-Auth-Request-Redirect ${returnTo};`,
  ];
}

/** oauth2-proxy needs no body to say who the user is. */
const withoutBody = ["proxy_method GET;", "proxy_pass_request_body off;", 'proxy_set_header Content-Length "";'];

const orAway = "error_page 502 504 = @oidc_away;";

/**
 * The locations of the login in a server of nginx; none without a route that needs them.
 *
 * @param routes that requests to this server may take
 * @param connectSeconds how long a connection to a lost task waits
 */
export function nginxLogin(routes: readonly Guarded[], connectSeconds: number): Section[] {
  if (!routes.some(isOidc)) return [];
  const { prefix } = oidc;
  const to = (uri: string, returnTo = '""') => toProxy(uri, returnTo, connectSeconds);
  return [
    { head: `location = ${prefix}auth`, body: ["internal;", ...withoutBody, ...to(`${prefix}auth`)] },
    { head: `location ^~ ${prefix}`, body: ["set $route oidc_proxy;", ...to("$request_uri"), orAway] },
    { head: "location @oidc_login", body: [...withoutBody, ...to("/", "$request_uri"), orAway] },
    { head: "location @oidc_away", body: ["return 503;"] },
  ];
}

/** A location of nginx whose requests oauth2-proxy must know the user of; 500 is nginx's own for any other answer. */
export function nginxOidc(route: Guarded): string[] {
  if (!isOidc(route)) return [];
  return [
    `auth_request ${oidc.prefix}auth;`,
    ...userHeaders.map(
      ({ variable, answer }) =>
        `auth_request_set $${variable} $upstream_http_${answer.toLowerCase().replaceAll("-", "_")};`,
    ),
    "error_page 401 = @oidc_login;",
    "error_page 500 = @oidc_away;",
  ];
}

/** The body of a map from a request's cookies to those for the service. */
export function nginxCookies(routes: readonly Guarded[]): Section[] {
  if (!routes.some(isOidc)) return [];
  const named = sessionCookie
    .replace("((.*; *)?)", "(?<before_session>(.*; *)?)")
    .replace("(.*)$", "(?<after_session>.*)$");
  return [
    {
      head: "map $http_cookie $service_cookies",
      body: [`"~${named}" "$before_session$after_session";`, "default $http_cookie;"],
    },
  ];
}

/** Headers about the user. They replace those of the request. */
export function nginxUser(route: Guarded): [header: string, value: string][] {
  const cookies: [string, string][] = route.dropsSession ? [["Cookie", "$service_cookies"]] : [];
  if (!isOidc(route)) return cookies;
  return [
    ...cookies,
    ...userHeaders.map(({ header, variable }): [string, string] => [header, `$${variable}`]),
    ...foreignHeaders.map((header): [string, string] => [header, '""']),
  ];
}
