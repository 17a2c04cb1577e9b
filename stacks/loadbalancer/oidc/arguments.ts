import { oidc } from "./plan";
import type { OidcConfig } from "./schema";

/** Files in the container of oauth2-proxy. */
export const files = {
  clientSecret: "client-secret",
  cookieSecret: "cookie-secret",
  ca: "/etc/oauth2-proxy/ca.pem",
} as const;

/** How many logins one browser may have under way; each has a cookie for 15 minutes, oauth2-proxy's default. */
const loginsAtOnce = 8;

/**
 * The arguments of oauth2-proxy. It keeps nothing: a session is a cookie that it encrypts, without the provider's tokens, so each task
 * knows those of all others. The balancers ask it before each request, and it serves no page of its own but those of the login.
 *
 * @param hasCa whether `files.ca` is there
 */
export function proxyArguments(config: OidcConfig, hasCa: boolean): string[] {
  const { issuer, clientId, emailDomains = ["*"], allowedGroups = [], scopes, sessionHours } = config;
  return [
    `--http-address=0.0.0.0:${String(oidc.port)}`,
    "--provider=oidc",
    `--oidc-issuer-url=${issuer}`,
    `--client-id=${clientId}`,
    `--client-secret-file=/run/secrets/${files.clientSecret}`,
    `--scope=${scopes.join(" ")}`,
    "--code-challenge-method=S256",
    ...(hasCa ? [`--provider-ca-file=${files.ca}`, "--use-system-trust-store=true"] : []),
    ...emailDomains.map((domain) => `--email-domain=${domain}`),
    ...allowedGroups.map((group) => `--allowed-group=${group}`),
    `--cookie-name=${oidc.cookie}`,
    `--cookie-secret-file=/run/secrets/${files.cookieSecret}`,
    `--cookie-expire=${String(sessionHours)}h`,
    "--cookie-secure=true",
    "--cookie-httponly=true",
    "--cookie-samesite=lax",
    "--cookie-csrf-per-request=true",
    `--cookie-csrf-per-request-limit=${String(loginsAtOnce)}`,
    "--session-cookie-minimal=true",
    `--proxy-prefix=${oidc.prefix.slice(0, -1)}`,
    // The balancers name host, scheme and address of the client.
    "--reverse-proxy=true",
    "--skip-provider-button=true",
    "--set-xauthrequest=true",
    // "Yes" to the balancers.
    "--upstream=static://202",
    "--silence-ping-logging=true",
    "--request-logging=false",
  ];
}
