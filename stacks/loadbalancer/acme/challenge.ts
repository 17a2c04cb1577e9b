import { block } from "../base/nginx-syntax";
import type { LoadBalancerPlan } from "../base/types";

const folder = "/.well-known/acme-challenge/";

/** A token of RFC 8555 is base64url, so that no request puts anything else into the answer. */
const token = "[A-Za-z0-9_-]+";

/**
 * The answer to HTTP-01 for nginx: the token and the account's thumbprint. Every balancer knows it without asking the task that orders
 * the certificate, so that neither its loss nor a second one changes an answer. It proves names to the account's owner alone.
 */
export function nginxChallenge({ acmeThumbprint: thumbprint }: LoadBalancerPlan): string[] {
  if (thumbprint === undefined) return [];
  const at = folder.replaceAll(".", String.raw`\.`);
  return [
    block(
      `location ~ ^${at}(?<token>${token})$`,
      "set $route plain;",
      "default_type text/plain;",
      `return 200 "$token.${thumbprint}";`,
    ),
  ];
}

/** The same for a frontend of HAProxy. */
export function haproxyChallenge({ acmeThumbprint: thumbprint }: LoadBalancerPlan): string[] {
  if (thumbprint === undefined) return [];
  const isToken = `{ path -m reg ^${folder.replaceAll(".", "[.]")}${token}$ }`;
  return [
    `http-request return status 200 content-type text/plain lf-string %[path,field(-1,/)].${thumbprint} if ${isToken}`,
  ];
}
