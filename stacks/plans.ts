import type { FilesRead } from "../infra/config/parse";
import { repository } from "../infra/images/content";
import { recipeFolder } from "../infra/images/container";
import { preloadedImages } from "../infra/images/guest-content";
import { catalogOf, type Stacks } from "./catalog";
import { StackError } from "./contract/error";
import type { Stack, StackPlan, StackPlans } from "./contract";
import type { Alert } from "./contract/entries";
import type { Edge, RouteTarget } from "./contract/routes";

/** Values of a configuration by key. */
type Values = Readonly<Record<string, unknown>>;

/** A container image that a farm runs, and the folder of its recipe. */
export interface Recipe {
  readonly name: string;
  readonly folder: string;
}

/**
 * The plans of all stacks that a checked configuration deploys.
 *
 * @param files what each stack read, by its name. Default: nothing was read
 */
export function plansOf(stacks: Stacks, config: Values, files: Values = {}): StackPlans {
  const { routes } = catalogOf(stacks);
  const deployed = deployedOf(stacks, config);
  const edge = edgeOf(deployed);
  const plans = deployed.map(([stack, value]) => ({ stack, plan: stack.plan?.(value, edge, files[stack.name]) ?? {} }));
  const alerts = plans.flatMap(({ stack, plan }) => (plan.alerts ?? []).map((alert) => ({ stack, alert })));
  refuseNamesakes(alerts);
  const configured = plans.flatMap(({ plan }) => Object.entries(plan.routes ?? {}));
  const prometheus = plans.flatMap(({ plan }) => plan.prometheus ?? [])[0];
  const exporterImages = plans.flatMap(({ plan }) => plan.exporterImages ?? []);
  const images = plans.flatMap(({ plan }) => plan.images ?? []);
  return {
    images: [...new Set([...images, ...(prometheus ? exporterImages : [])])],
    exporterImages,
    copies: plans.flatMap(({ plan }) => plan.copies ?? []),
    builds: plans.flatMap(({ plan }) => plan.builds ?? []),
    ports: plans.flatMap(({ plan }) => plan.ports ?? []),
    targets: Object.fromEntries(plans.flatMap(({ stack, plan }) => targetsOf(stack, plan))),
    addresses: plans.flatMap(({ plan }) => plan.addresses ?? []),
    streamTargets: plans.some(({ plan }) => plan.streamTargets === "unread")
      ? "unread"
      : plans.flatMap(({ plan }) => plan.streamTargets ?? []),
    placements: plans.flatMap(({ plan }) => plan.placements ?? []),
    scrape: plans.flatMap(({ plan }) => plan.scrape ?? []),
    scrapeProblems: plans.flatMap(({ plan }) => plan.scrapeProblems ?? []),
    startsJobs: plans.some(({ plan }) => plan.startsJobs),
    jobProblems: plans.flatMap(({ plan }) => plan.jobProblems ?? []),
    alerts: alerts.map(({ alert }) => alert),
    prometheus,
    logStore: plans.flatMap(({ plan }) => plan.logStore ?? [])[0],
    nodeMetrics: plans.some(({ plan }) => plan.nodeMetrics),
    builtPluginKeys: plans.flatMap(({ plan }) => plan.builtPluginKeys ?? []),
    dumps: plans.flatMap(({ plan }) => plan.dumps ?? []),
    services: Object.assign({}, ...plans.map(({ plan }) => plan.services)) as StackPlans["services"],
    routes: { ...routes, ...Object.fromEntries(configured) },
    edge,
  };
}

/**
 * The container images to build for a configuration, each with its recipe: first those of the guest image.
 *
 * @param raw unchecked values by key; if the value of a stack is invalid or encrypted, all its images are built
 * @param folder of the files that the configuration names. Default: this repository
 * @throws Error where a stack runs an image that no stack has a recipe for
 */
export function recipesOf(stacks: Stacks, raw: Values, folder: string = repository): Recipe[] {
  const { recipes } = catalogOf(stacks);
  const read = stacks.map((stack) => ({ stack, ...stack.schema.safeParse(raw[stack.name]) }));
  const values = Object.fromEntries(read.map(({ stack, data }) => [stack.name, data]));
  const { images, exporterImages } = plansOf(stacks, values, readFiles(stacks, values, folder).files);
  const unread = read.flatMap(({ stack, success }) => (success ? [] : Object.keys(stack.images ?? {})));
  // Prometheus may be among what could not be read.
  const exporters = read.every(({ success }) => success) ? [] : exporterImages;
  return [...new Set([...preloadedImages(), ...images, ...unread, ...exporters])].map((name) => ({
    name,
    folder: recipeFolder(name, recipes),
  }));
}

/** Stacks with their values, in the order of the list. */
export function deployedOf(stacks: Stacks, config: Values) {
  return stacks.flatMap((stack) => {
    const value = config[stack.name];
    return value === undefined || value === null ? [] : [[stack, value] as const];
  });
}

/** Reads the files that a configuration names. */
export function readFiles(stacks: Stacks, config: Values, folder: string, secrets: readonly string[] = []): FilesRead {
  const found = deployedOf(stacks, config).flatMap(([stack, value]) =>
    stack.read ? [{ name: stack.name, ...stack.read(value, folder, secrets) }] : [],
  );
  return {
    files: Object.fromEntries(found.map(({ name, files }) => [name, files])),
    problems: found.flatMap((each) => each.problems),
  };
}

function edgeOf(deployed: ReturnType<typeof deployedOf>): Edge | undefined {
  const edges = deployed.flatMap(([stack, value]) =>
    stack.edge ? [{ name: stack.name, edge: stack.edge(value) }] : [],
  );
  if (edges.length > 1)
    throw new StackError(
      `the stacks ${edges.map(({ name }) => `'${name}'`).join(" and ")} are both the reverse proxy of all others; deploy one of them`,
    );
  return edges[0]?.edge;
}

/** Receivers, silences and `doctor` know an alert by its name. */
function refuseNamesakes(alerts: readonly { readonly stack: Stack; readonly alert: Alert }[]): void {
  const owners = new Map<string, string>();
  for (const { stack, alert } of alerts) {
    const owner = owners.get(alert.name);
    if (owner !== undefined)
      throw new StackError(
        `the stacks '${owner}' and '${stack.name}' both have an alert '${alert.name}'; rename it in one of them`,
      );
    owners.set(alert.name, stack.name);
  }
}

function targetsOf(stack: Stack, plan: StackPlan): [string, RouteTarget][] {
  return Object.entries(plan.targets ?? {}).flatMap(([name, target]): [string, RouteTarget][] => {
    if ((stack.routes?.[name] ?? plan.routes?.[name]) === undefined)
      throw new StackError(`stack '${stack.name}' has a target for the route '${name}', which is not under its routes`);
    return target ? [[name, target]] : [];
  });
}
