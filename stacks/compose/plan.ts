import { describe, formatKey, formatPosition, keyPositionOf, type ComposeService } from "../../compose";
import type { Problem } from "../../infra/config/problem";
import type { RuleContext, StackPlan } from "../contract";
import type { NamedBuild, PublishedPort } from "../contract/entries";
import type { RouteDefault, RouteTarget } from "../contract/routes";
import type { Placement } from "../contract/placement";
import { jobProblems } from "../../infra/compose/job-rules";
import { oneShotsOf } from "../../infra/compose/spec/policies";
import { builtName, recipeOf } from "../../infra/images/built";
import { builtPluginKeys } from "./built-plugin";
import type { Applications } from "./read";
import type { StacksConfig } from "./schema";
import { scrapedBy } from "./scrape";

/** Routes from the configuration; ports and images once the files are read. */
export function plan(config: StacksConfig, read?: Applications): StackPlan {
  const applications = read ?? {};
  const routes = Object.entries(config).flatMap(([stack, each]) =>
    Object.entries(each.routes).map(([name, route]) => ({ stack, name, ...route })),
  );
  const services = Object.values(applications).flatMap((application) => application.services);
  const builds = Object.entries(applications).flatMap(([stack, application]) => buildsOf(stack, application.services));
  const scraped = Object.entries(applications).flatMap(([stack, application]) =>
    application.services.map((service) => scrapedBy(stack, service)),
  );
  const named = services.filter(({ build }) => build === undefined);
  const bases = builds.flatMap(({ build }) => build.bases);
  return {
    images: [...named, ...bases].flatMap(({ image }) => recipeOf(image) ?? []),
    copies: named.flatMap((service) =>
      service.image === "" || recipeOf(service.image) !== undefined
        ? []
        : [{ reference: service.image, at: formatKey(service, "image") }],
    ),
    builds,
    builtPluginKeys: services.flatMap(builtPluginKeys),
    scrape: scraped.flatMap(({ target }) => target ?? []),
    scrapeProblems: scraped.flatMap(({ problem }) => problem ?? []),
    jobProblems: Object.entries(applications).flatMap(([stack, application]) =>
      jobProblems(application.services).map((each) => ({ path: `stacks.${stack}`, message: describe(each) })),
    ),
    ports: services.flatMap(({ name, ports }) =>
      ports.map(({ target, published: port, protocol, mode, at }): PublishedPort => {
        const leading = routes.filter((route) => `${route.stack}_${route.service}` === name && route.port === target);
        const names = protocol === "tcp" ? leading.map((route) => route.name) : [];
        return { service: name, port, protocol, host: mode === "host", key: formatPosition(at), routes: names };
      }),
    ),
    streamTargets: read ? services.map(({ name }) => name) : "unread",
    placements: Object.values(applications).flatMap((application) => {
      const oneShots = oneShotsOf(application.services);
      return application.services.map((service) => placementOf(service, oneShots.has(service.key)));
    }),
    routes: Object.fromEntries(
      routes.map(({ name, host, path = `/${name}/`, login }): [string, RouteDefault] => [
        name,
        { ...(host === undefined ? {} : { host }), path, login },
      ]),
    ),
    targets: Object.fromEntries(
      routes.map(({ stack, name, service, port }): [string, RouteTarget] => [
        name,
        { kind: "service", service: `${stack}_${service}`, port },
      ]),
    ),
  };
}

/** Each build once, with the services that share it. */
function buildsOf(stack: string, services: readonly ComposeService[]): NamedBuild[] {
  const byName = new Map<string, NamedBuild>();
  for (const { key, build } of services) {
    if (build === undefined) continue;
    const name = builtName(stack, build);
    const before = byName.get(name)?.services ?? [];
    byName.set(name, { stack, services: [...before, key], build });
  }
  return [...byName.values()];
}

function placementOf(service: ComposeService, oneShot: boolean): Placement {
  const { name, mode, placement, resources, restartPolicy } = service;
  const { cpus, memoryBytes } = resources.reservations;
  return {
    service: name,
    key: formatPosition(keyPositionOf(service, "deploy.placement").position),
    constraints: placement.constraints.map(({ constraint, at: line }) => ({ constraint, key: formatPosition(line) })),
    replicas: mode.kind === "global" || mode.kind === "global-job" ? "global" : (mode.replicas ?? 1),
    maxReplicasPerNode: placement.maxReplicasPerNode,
    ends: oneShot || (restartPolicy?.condition ?? "any") !== "any",
    reservations: { cpus, memoryMiB: memoryBytes === undefined ? undefined : memoryBytes / 2 ** 20 },
  };
}

/** Names of routes belong to one stack each, and need a load balancer. */
export function rules(
  config: StacksConfig | undefined,
  { edge, targets }: Pick<RuleContext, "edge" | "targets">,
  used: readonly string[],
): Problem[] {
  const owners = new Map([...used, ...overridden(config ?? {}, targets)].map((name) => [name, "a stack of the farm"]));
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

/** Names of routes that lead to another stack, since its configuration defines one of the same name. */
function overridden(config: StacksConfig, targets: RuleContext["targets"]): string[] {
  const routes = Object.entries(config).flatMap(([stack, each]) =>
    Object.entries(each.routes).map(([name, { service }]) => ({ name, service: `${stack}_${service}` })),
  );
  const own = routes.map(({ service }) => service);
  return routes.flatMap(({ name }) => {
    const target = targets[name];
    return target?.kind === "service" && !own.includes(target.service) ? [name] : [];
  });
}
