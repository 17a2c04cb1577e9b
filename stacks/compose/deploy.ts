import * as pulumi from "@pulumi/pulumi";
import type { ComposeApplication, ComposeService } from "../../compose";
import { ComposeStack, type ComposeServiceAddition } from "../../infra/compose/compose-stack";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { DeployContext, Published } from "../contract";
import { meshUrl } from "../contract/urls";
import { recipeOf } from "../../infra/images/built";
import { idleJobs } from "./idle-jobs";
import { filesOf, isSecretVariable, type Applications } from "./read";
import type { StackConfig, StacksConfig } from "./schema";
import { scrapedBy } from "./scrape";

type Context = DeployContext<StacksConfig, Applications>;

/** A component for each application, and the edge network for services that a route leads to. */
export function deploy(context: Context): Published {
  const stacks = Object.entries(context.config).map(([name, stack]) => composeStack(context, name, stack));
  return {
    services: stacks.flatMap(({ services }) => [...services.values()]),
    urls: portUrls(context),
    scrapeNetworks: Object.keys(context.config).flatMap((name, index) =>
      scrapeNetworks(name, context.files[name], stacks[index]),
    ),
  };
}

/** One network of each service that is scraped, each network once. */
function scrapeNetworks(name: string, application?: ComposeApplication, stack?: ComposeStack): NetworkUse[] {
  const scraped = (application?.services ?? []).filter((service) => scrapedBy(name, service).target !== undefined);
  const keys = new Set(scraped.flatMap(({ networks }) => networks[0]?.network ?? []));
  return [...keys].flatMap((key) => {
    const network = stack?.networks.get(key);
    return network === undefined ? [] : [{ id: network.id }];
  });
}

/** Ports on every node, by service, and by port where a service has several. Which of them speak HTTP is not known. */
function portUrls(context: Context): Record<string, string> {
  const services = Object.values(context.files).flatMap((application) => application.services);
  const urls = services.flatMap(({ name, ports }) => {
    const published = ports.flatMap(({ published: port, protocol, mode }) =>
      port !== undefined && protocol === "tcp" && mode === "ingress" ? [port] : [],
    );
    return published.map((port): [string, string] => [
      published.length === 1 ? name : `${name}:${String(port)}`,
      meshUrl(context, port, "tcp"),
    ]);
  });
  return Object.fromEntries(urls);
}

function composeStack(context: Context, name: string, stack: StackConfig): ComposeStack {
  const { swarm, folder, secrets } = context;
  const variables = Object.entries(stack.variables).map(([variable, value]) => [
    variable,
    isSecretVariable(name, variable, secrets) ? pulumi.secret(value) : value,
  ]);
  const deployed = new ComposeStack(
    // A stack may have the name of one of the farm's own resources.
    `stack-${name}`,
    {
      swarm,
      folder,
      file: filesOf(stack),
      stack: name,
      variables: Object.fromEntries(variables) as Readonly<Record<string, pulumi.Input<string>>>,
      profiles: stack.profiles,
      folders: stack.folders,
      scheduled: context.plans.startsJobs,
      add: (service) => addition(context, name, stack, service),
    },
  );
  const idle = context.plans.startsJobs ? [] : idleJobs(context.files[name]?.services ?? []);
  for (const remark of idle) void pulumi.log.warn(remark, deployed);
  return deployed;
}

function addition(
  { image, built, edgeNetworks, portsFree, plans }: Context,
  stack: string,
  { routes }: StackConfig,
  service: ComposeService,
): ComposeServiceAddition {
  const imageOf = () => {
    if (service.build) return built(stack, service.build);
    const recipe = recipeOf(service.image);
    // Its own name for the resource, for an image of the farm's registry.
    return recipe === undefined ? image(`stack-${stack}-${service.key}`, service.image) : image(recipe);
  };
  const hasRoute = Object.values(routes).some((route) => route.service === service.key);
  return {
    image: imageOf(),
    networks: hasRoute || plans.edge?.services?.includes(service.name) ? edgeNetworks : [],
    after: service.ports.length > 0 ? portsFree : [],
  };
}
