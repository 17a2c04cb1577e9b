import type { Problem } from "../../infra/config/problem";
import type { RuleContext } from "../contract";
import { certificateProblems } from "./acme/rules";
import { grpcProblems } from "./grpc";
import { oidcProblems } from "./oidc/rules";
import type { LoadBalancerConfig, RouteConfig } from "./schema";
import { stickyProblems } from "./sticky";
import { streamProblems } from "./streams/rules";
import { addressProblems } from "./vip/rules";

/** Routes must exist and differ. Policies that count requests need a load balancer. */
export function rules(config: LoadBalancerConfig | undefined, context: RuleContext): Problem[] {
  return config
    ? [
        ...routesExist(config, context),
        ...routesDiffer(config, context),
        ...oneSource(config),
        ...certificateProblems(config),
        ...grpcProblems(config, context),
        ...stickyProblems(config, context),
        ...oidcProblems(config),
        ...streamProblems(config, context),
        ...addressProblems(config.vip ?? [], context),
      ]
    : requestsUncounted(context);
}

/** nginx reads the client's address either from a header or from the PROXY protocol. */
function oneSource({ trustedProxies, proxyProtocol }: LoadBalancerConfig): Problem[] {
  if (!trustedProxies || !proxyProtocol) return [];
  const message =
    "cannot be used with 'loadbalancer.trustedProxies': the client's address has one source; remove one of them";
  return [{ path: "loadbalancer.proxyProtocol", message }];
}

function routesExist({ routes = {} }: LoadBalancerConfig, context: Pick<RuleContext, "routes">): Problem[] {
  const known = Object.keys(context.routes);
  return Object.keys(routes)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: `loadbalancer.routes.${name}`,
      message: `has no target: no stack publishes '${name}'; routes: ${known.map((each) => `'${each}'`).join(", ")}`,
    }));
}

/** Two routes with one host and path; if the configuration has no routes, among the defaults of the stacks. */
function routesDiffer({ routes }: LoadBalancerConfig, context: Pick<RuleContext, "routes" | "targets">): Problem[] {
  const seen = new Map<string, string>();
  const deployed = Object.entries(context.routes).filter(([name]) => context.targets[name] !== undefined);
  const all: readonly [string, RouteConfig][] = routes ? Object.entries(routes) : deployed;
  return all.flatMap(([name, route]) => {
    const key = `${route.host ?? ""}${route.path}`;
    const other = seen.get(key);
    seen.set(key, name);
    return other === undefined
      ? []
      : [
          {
            path: `loadbalancer.routes.${name}`,
            message: `has host and path of route '${other}'; give one of them another path or host`,
          },
        ];
  });
}

function requestsUncounted({ services }: RuleContext): Problem[] {
  return Object.entries(services)
    .filter(([, { autoscale }]) => autoscale?.metric === "requests")
    .map(([path]) => ({
      path: `${path}.autoscale.metric`,
      message: "is 'requests', which the load balancer counts; add loadbalancer: {}, or use cpu",
    }));
}
