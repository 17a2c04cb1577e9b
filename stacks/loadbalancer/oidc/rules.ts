import type { Problem } from "../../../infra/config/problem";
import { isOidc, oidc as shared, type Guarded } from "./plan";
import type { OidcConfig } from "./schema";

interface RouteKeys extends Guarded {
  readonly path: string;
  readonly protocol?: "http" | "grpc" | undefined;
}

interface Config {
  readonly oidc?: OidcConfig | undefined;
  readonly routes?: Readonly<Record<string, RouteKeys>> | undefined;
}

/** Logins at a provider that is not there, or that has nobody to admit, and routes that cannot have one. */
export function oidcProblems({ oidc, routes = {} }: Config): Problem[] {
  const guarded = Object.entries(routes).filter(([, route]) => isOidc(route));
  return [
    ...guarded.flatMap(([name, { protocol }]): Problem[] => {
      const path = `loadbalancer.routes.${name}.login`;
      if (!oidc)
        return [
          {
            path,
            message:
              "is 'oidc', and there is no provider; add loadbalancer.oidc with issuer, clientId and clientSecret, or set it to true for a password",
          },
        ];
      const message =
        "is 'oidc', which needs a browser, and a gRPC client is none; set it to true for a password, or remove it";
      return protocol === "grpc" ? [{ path, message }] : [];
    }),
    ...(oidc ? providerProblems(oidc, guarded.length) : []),
    ...(guarded.length === 0 ? [] : hidden(routes)),
  ];
}

function providerProblems({ emailDomains, allowedGroups }: NonNullable<Config["oidc"]>, guarded: number): Problem[] {
  const path = "loadbalancer.oidc";
  return [
    ...(guarded === 0
      ? [{ path, message: "is used by no route; set login: oidc on one under loadbalancer.routes, or remove it" }]
      : []),
    ...(emailDomains || allowedGroups
      ? []
      : [
          {
            path,
            message:
              "says of nobody who may log in; add emailDomains, allowedGroups or both; emailDomains: ['*'] is every user of the provider",
          },
        ]),
  ];
}

/** A route below the path of the login would never be reached. */
function hidden(routes: NonNullable<Config["routes"]>): Problem[] {
  return Object.entries(routes)
    .filter(([, { path }]) => path.startsWith(shared.prefix))
    .map(([name, { path }]) => ({
      path: `loadbalancer.routes.${name}.path`,
      message: `is '${path}', and the login has '${shared.prefix}'; give the route another path`,
    }));
}
