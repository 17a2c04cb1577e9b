import { place } from "../../compose";
import type { Problem } from "../../infra/config/problem";
import type { PublishedPort, RouteDefault, RouteTarget, RuleContext, StackPlan } from "../contract";
import { recipeOf, type Applications } from "./read";
import type { StacksConfig } from "./schema";

/** Routes from the configuration; ports and images once the files are read. */
export function plan(config: StacksConfig, applications: Applications = {}): StackPlan {
  const routes = Object.entries(config).flatMap(([stack, each]) =>
    Object.entries(each.routes).map(([name, route]) => ({ stack, name, ...route })),
  );
  const services = Object.values(applications).flatMap((application) => application.services);
  return {
    images: services.flatMap(({ image }) => recipeOf(image) ?? []),
    ports: services.flatMap(({ name, ports }) =>
      ports.flatMap(({ published, protocol, at }): PublishedPort[] =>
        protocol === "tcp" && published !== undefined ? [{ service: name, port: published, key: place(at) }] : [],
      ),
    ),
    routes: Object.fromEntries(
      routes.map(({ name, path = `/${name}/`, login }): [string, RouteDefault] => [name, { path, login }]),
    ),
    targets: Object.fromEntries(
      routes.map(({ stack, name, service, port }): [string, RouteTarget] => [
        name,
        { kind: "service", service: `${stack}_${service}`, port },
      ]),
    ),
  };
}

/** Names of routes belong to one stack each, and need a load balancer. */
export function rules(
  config: StacksConfig | undefined,
  { edge }: Pick<RuleContext, "edge">,
  taken: readonly string[],
): Problem[] {
  const owners = new Map(taken.map((name) => [name, "a stack of the farm"]));
  return Object.entries(config ?? {}).flatMap(([stack, { routes }]) =>
    Object.keys(routes).flatMap((name): Problem[] => {
      const path = `stacks.${stack}.routes.${name}`;
      const owner = owners.get(name);
      owners.set(name, `stack '${stack}'`);
      return [
        ...(owner === undefined ? [] : [{ path, message: `is a route of ${owner} already; choose another name` }]),
        ...(edge === undefined ? [{ path, message: "needs the load balancer; add loadbalancer: {}" }] : []),
      ];
    }),
  );
}
