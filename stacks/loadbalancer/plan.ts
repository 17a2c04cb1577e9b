import { fastcgiPort } from "../config/laws";
import type { FarmConfig, LoadBalancerConfig, RouteConfig } from "../config/schema";
import type { NodePlan } from "../net/plan";
import type { LoadBalancerPlan, Route, Server, Target } from "./types";

/** Where php has its scripts. */
const documentRoot = "/srv/www";

/** The routes of a configuration, those to stacks that are not deployed left out, and every node as a way in. */
export function planLoadBalancer(
  balancer: LoadBalancerConfig,
  config: Pick<FarmConfig, "hello" | "lamp" | "visualizer">,
  nodes: readonly Pick<NodePlan, "name" | "address">[],
): LoadBalancerPlan {
  const on = (port: number): readonly Server[] => nodes.map(({ name, address }) => ({ name, address, port }));
  const { routes } = balancer;
  return {
    httpsPort: balancer.httpsPort,
    hsts: balancer.hsts,
    routes: [
      ...route("lamp", config.lamp && routes.lamp, () => lampTarget(balancer.mode, config.lamp?.port ?? 0, on)),
      ...route("hello", routes.hello, () => ({ kind: "http", servers: on(config.hello.port) })),
      ...route("visualizer", config.visualizer && routes.visualizer, () => onEdge("visualizer", 8080)),
      ...route("admin", config.lamp?.admin && routes.admin, () => onEdge("lamp-admin", config.lamp?.admin?.port ?? 0)),
    ],
  };
}

function onEdge(service: string, port: number): Target {
  return { kind: "service", service, port };
}

function lampTarget(mode: "http" | "fastcgi", port: number, on: (port: number) => readonly Server[]): Target {
  return mode === "fastcgi"
    ? { kind: "fastcgi", servers: on(fastcgiPort), root: documentRoot }
    : { kind: "http", servers: on(port) };
}

function route(name: string, settings: RouteConfig | undefined, target: () => Target): Route[] {
  return settings ? [{ name, ...settings, target: target() }] : [];
}
