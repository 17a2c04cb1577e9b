import type { FarmPlan, NodePlan } from "../../infra/net/plan";
import type { StackPlans } from "../contract";
import type { RouteTarget } from "../contract/routes";
import { routeUrl } from "../contract/urls";
import { servedFile } from "./acme/files";
import type { LoadBalancerConfig, RouteConfig } from "./schema";
import { listenersOf } from "./streams/plan";
import { withTasks } from "./sticky";
import type { LoadBalancerPlan, Target } from "./base/types";

type Plans = Pick<StackPlans, "routes" | "targets">;
type Nodes = readonly Pick<NodePlan, "name" | "address">[];

/**
 * The routes of a configuration that have a target, and every node as an upstream server.
 *
 * @param certificates those of `loadbalancer.certificates`. Default: none
 */
export function planLoadBalancer(
  balancer: LoadBalancerConfig,
  plans: Plans,
  nodes: Nodes,
  certificates: LoadBalancerPlan["certificates"] = [],
): LoadBalancerPlan {
  return {
    httpsPort: balancer.httpsPort,
    hsts: hasEffect(balancer) ? balancer.hsts : undefined,
    trustedProxies: balancer.trustedProxies,
    proxyProtocol: balancer.proxyProtocol,
    drainSeconds: balancer.drainSeconds,
    certificateFile: balancer.certificate?.acme && servedFile,
    ...(certificates.length === 0 ? {} : { certificates: certificates.map(({ name, hosts }) => ({ name, hosts })) }),
    ...(balancer.streams ? { streams: listenersOf(balancer.streams) } : {}),
    routes: routesOf(balancer, plans).map(({ name, settings, target }) => ({
      name,
      ...settings,
      target: withServers(target, nodes),
    })),
  };
}

/**
 * Whether HSTS is sent. With the farm's own CA it would shut out each browser that does not trust the CA, with no way to go on; 0, which
 * ends it, is always sent.
 */
function hasEffect({ hsts, certificate }: LoadBalancerConfig): boolean {
  return certificate !== undefined || hsts?.maxAgeSeconds === 0;
}

/** Warnings in the preview. */
export function planWarnings(balancer: LoadBalancerConfig): string[] {
  if (balancer.hsts === undefined || hasEffect(balancer)) return [];
  return [
    "loadbalancer.hsts: is not sent with the farm's own certificate, since browsers that do not trust its CA could not open the site; set 'loadbalancer.certificate', or remove it",
  ];
}

/**
 * The URL of each route.
 *
 * @param known URLs of stacks that have their own
 */
export function routeUrls(
  balancer: LoadBalancerConfig,
  plans: Plans & Pick<StackPlans, "addresses">,
  plan: Pick<FarmPlan, "nodes">,
  known: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    routesOf(balancer, plans)
      .filter(({ name }) => known[name] === undefined)
      .map(({ name, settings }) => [name, routeUrl({ plan, plans }, settings, balancer.httpsPort)]),
  );
}

function routesOf({ routes }: LoadBalancerConfig, plans: Plans) {
  const all: Readonly<Record<string, RouteConfig>> = routes ?? plans.routes;
  return Object.entries(plans.targets).flatMap(([name, target]) => {
    const settings = all[name];
    return settings ? [{ name, ...withTasks(settings, target) }] : [];
  });
}

function withServers(target: RouteTarget, nodes: Nodes): Target {
  if (target.kind !== "http") return target;
  const { kind, port } = target;
  return { kind, servers: nodes.map(({ name, address }) => ({ name, address, port })) };
}
