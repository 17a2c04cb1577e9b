import type { Problem } from "../../infra/config/problem";
import type { RuleContext } from "../contract";
import type { LoadBalancerConfig } from "./schema";

/** Routes that exist and differ; without a load balancer, no policy that counts its requests. */
export function rules(config: LoadBalancerConfig | undefined, context: RuleContext): Problem[] {
  return config ? [...routesExist(config, context), ...routesDiffer(config)] : requestsUncounted(context);
}

function routesExist({ routes = {} }: LoadBalancerConfig, context: Pick<RuleContext, "routes">): Problem[] {
  const known = Object.keys(context.routes);
  return Object.keys(routes)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: `loadbalancer.routes.${name}`,
      message: `leads nowhere: no stack publishes '${name}'; routes: ${known.map((each) => `'${each}'`).join(", ")}`,
    }));
}

function routesDiffer({ routes = {} }: LoadBalancerConfig): Problem[] {
  const seen = new Map<string, string>();
  return Object.entries(routes).flatMap(([name, route]) => {
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
