import type * as pulumi from "@pulumi/pulumi";
import type { ComposeBuild } from "../../compose";
import type { z } from "zod";
import type { Problem } from "../../infra/config/problem";
import type { FarmConfig, ServiceConfig } from "../../infra/config/schema";
import type { Authority } from "../../infra/keys/authority";
import type { FarmPlan } from "../../infra/net/plan";
import type { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Alert, Dump, LogStore, NamedBuild, NamedImage, PublishedPort, ScrapeTarget } from "./entries";
import type { Placement } from "./placement";
import type { Edge, RouteDefault, RouteTarget } from "./routes";
import type { Swarm } from "../../infra/swarm/swarm";

/** Everything that a stack's configuration alone determines, so that every command knows it without resources. */
export interface StackPlan {
  /** Names of the container images that it runs, of its own recipes or other stacks'. Default: none. */
  readonly images?: readonly string[];
  /** Images of other registries that it runs. Default: none. */
  readonly copies?: readonly NamedImage[];
  /** Images that are built from folders of its compose files. Default: none. */
  readonly builds?: readonly NamedBuild[];
  /** Default: it publishes none. */
  readonly ports?: readonly PublishedPort[];
  /** Routes that the configuration defines, besides the stack's own `routes`. Default: none. */
  readonly routes?: Readonly<Record<string, RouteDefault>>;
  /** Targets by the names of `routes`; a route without one is left out. Default: none. */
  readonly targets?: Readonly<Record<string, RouteTarget | undefined>>;
  /** Addresses at which every node's ports answer, and that no single node has. Default: none. */
  readonly addresses?: readonly string[];
  /** Services that a port of the reverse proxy can lead to; `unread` before the files are read that name them. Default: none. */
  readonly streamTargets?: readonly string[] | "unread";
  /** Services that not every node can run. Default: none. */
  readonly placements?: readonly Placement[];
  /** Dumps that backups keep of it besides volumes. Default: none. */
  readonly dumps?: readonly Dump[];
  /** Services whose replicas the configuration sets, by their keys, e.g. `lamp.php`. Default: none. */
  readonly services?: Readonly<Record<string, ServiceConfig>>;
  /** Services with metrics; their networks are among the published `scrapeNetworks`. Default: none. */
  readonly scrape?: readonly ScrapeTarget[];
  /** Names of container images that it runs besides where the farm is monitored. Default: none. */
  readonly exporterImages?: readonly string[];
  /** Why a service that asks to be scraped cannot be; refused where the farm is monitored. Default: nothing. */
  readonly scrapeProblems?: readonly Problem[];
  /** Whether it starts services whose labels make them jobs. Default: false. */
  readonly startsJobs?: boolean;
  /** Why a service whose labels make it a job cannot be one; refused where the farm starts jobs. Default: nothing. */
  readonly jobProblems?: readonly Problem[];
  /** Default: none. */
  readonly alerts?: readonly Alert[];
  /** Prometheus, on the load balancer's network: pages show its alerts. Default: none. */
  readonly prometheus?: Pick<ScrapeTarget, "service" | "port">;
  /** VictoriaLogs, on the load balancer's network: pages read there what they printed. Default: none. */
  readonly logStore?: LogStore;
  /** Whether it writes files with metrics on the nodes, in `nodeMetricsFolder`. Default: false. */
  readonly nodeMetrics?: boolean;
  /** Where services ask for what only the docker plugin that is built here can set. Default: nowhere. */
  readonly builtPluginKeys?: readonly string[];
}

/** The plans of all stacks that the configuration deploys. */
export interface StackPlans {
  readonly images: readonly string[];
  /** Among `images` where the farm is monitored. */
  readonly exporterImages: readonly string[];
  readonly copies: readonly NamedImage[];
  readonly builds: readonly NamedBuild[];
  readonly ports: readonly PublishedPort[];
  readonly targets: Readonly<Record<string, RouteTarget>>;
  /** The first is used in URLs. */
  readonly addresses: readonly string[];
  readonly streamTargets: readonly string[] | "unread";
  readonly placements: readonly Placement[];
  readonly dumps: readonly Dump[];
  readonly services: Readonly<Record<string, ServiceConfig>>;
  readonly scrape: readonly ScrapeTarget[];
  readonly scrapeProblems: readonly Problem[];
  readonly startsJobs: boolean;
  readonly jobProblems: readonly Problem[];
  /** Each with a name of its own. */
  readonly alerts: readonly Alert[];
  readonly nodeMetrics: boolean;
  readonly builtPluginKeys: readonly string[];
  /** Undefined where the farm is not monitored. */
  readonly prometheus: StackPlan["prometheus"];
  /** Undefined where no logs are stored. */
  readonly logStore: StackPlan["logStore"];
  /** Routes of every stack, deployed or not, and those that the configuration defines. */
  readonly routes: Readonly<Record<string, RouteDefault>>;
  /** Undefined where no reverse proxy is deployed. */
  readonly edge: Edge | undefined;
}

/** The input of rules besides the stack's own configuration. */
export interface RuleContext extends StackPlans, Pick<FarmConfig, "hosts" | "network" | "nodes"> {}

/** Values that a deployed stack publishes to other stacks, to the outputs and to commands. */
export interface Published {
  /** In the order in which they start. */
  readonly services: readonly SwarmService[];
  /** Networks on which the reverse proxy reaches this stack's targets of FastCGI. Default: none. */
  readonly networks?: readonly NetworkUse[];
  /** URLs by name; `up` asks those of HTTP for a page before it ends. Default: none. */
  readonly urls?: Readonly<Record<string, string>>;
  /** Passwords by user, for `./farm secret`. Default: none. */
  readonly logins?: Readonly<Record<string, pulumi.Output<string>>>;
  /** Certificates in PEM by name; `up` warns before one expires. Default: none. */
  readonly certificates?: Readonly<Record<string, pulumi.Output<string>>>;
  /** Networks on which Prometheus reaches the targets of the plan's `scrape`. Default: none. */
  readonly scrapeNetworks?: readonly NetworkUse[];
}

/** The arguments of `deploy`. */
export interface DeployContext<Config, Files = undefined, Rotation extends string = never> {
  /** The stack's own name. */
  readonly name: string;
  readonly config: Config;
  /** The result of `read`. */
  readonly files: Files;
  /** To which paths in the configuration are relative. */
  readonly folder: string;
  /** Paths of values that are secret, e.g. `stacks.shop.variables.TOKEN`. */
  readonly secrets: readonly string[];
  /** Numbers of `rotate`: another number generates another secret. */
  readonly rotations: Readonly<Record<Rotation, number>>;
  readonly plan: FarmPlan;
  readonly swarm: Swarm;
  readonly authority: Authority;
  /**
   * A container image by digest in the farm's registry.
   *
   * @param name  of a recipe
   * @param other an image to run instead, with the digest that it had when it was copied; `copies` of the plan has it.
   *   Default: none
   * @param use   names the resource, if two services run the same image of the farm's registry. Default: `name`
   */
  readonly image: (name: string, other?: string, use?: string) => pulumi.Output<string>;
  /** An image that was built from a folder of a stack, by digest in the farm's registry; `builds` of the plan has it. */
  readonly built: (stack: string, build: ComposeBuild) => pulumi.Output<string>;
  /** The network on which the reverse proxy reaches services that publish no port; empty if none does. */
  readonly edgeNetworks: readonly NetworkUse[];
  /** Services that publish ports must depend on these. */
  readonly portsFree: readonly pulumi.Resource[];
  /** The plans of all stacks. */
  readonly plans: StackPlans;
  /** Values published by the stacks before this one in stacks/index.ts. */
  readonly others: {
    readonly services: readonly SwarmService[];
    readonly networks: readonly NetworkUse[];
    readonly scrapeNetworks: readonly NetworkUse[];
    readonly urls: Readonly<Record<string, string>>;
  };
}

/** The files that a configuration names, and problems with them. */
export interface Read<Files> {
  readonly files: Files;
  readonly problems: readonly Problem[];
}

/**
 * One stack: services that are deployed together under one name. Its module must not import a Pulumi SDK, since commands that
 * only read the configuration load it; `deploy` may import modules that do.
 */
export interface Stack<
  Name extends string = string,
  Schema extends z.ZodType = z.ZodType,
  Files = unknown,
  Rotation extends string = string,
> {
  /** Its key in the configuration. */
  readonly name: Name;
  /** Its folder below stacks/. Default: its name. */
  readonly folder?: string;
  /** The schema of its key. Optional: without the key the stack is not deployed. */
  readonly schema: Schema;
  /** Folders of its container images' recipes by image name; see `recipesIn`. Default: none. */
  readonly images?: Readonly<Record<string, string>>;
  /** Routes that lead to it, by name. Default: none. */
  readonly routes?: Readonly<Record<string, RouteDefault>>;
  /** Its keys of `rotate`, each with a name of its secret, e.g. `the database's password`. Default: none. */
  readonly rotations?: Readonly<Record<Rotation, string>>;
  /** Only for the stack that is the reverse proxy in front of the others. */
  edge?(config: NonNullable<z.output<Schema>>): Edge;
  /**
   * Default: an empty plan.
   *
   * @param files the result of `read`; undefined where keys are checked before files are read
   */
  plan?(config: NonNullable<z.output<Schema>>, edge: Edge | undefined, files: Files | undefined): StackPlan;
  /** Problems between keys, which a schema cannot express; checked also if the stack is not deployed. Default: none. */
  rules?(config: z.output<Schema>, context: RuleContext): readonly Problem[];
  /**
   * Reads the files that the configuration names.
   *
   * @param folder  to which their paths are relative
   * @param secrets paths of values that are secret, e.g. `stacks.shop.variables.TOKEN`
   */
  read?(config: NonNullable<z.output<Schema>>, folder: string, secrets: readonly string[]): Read<Files>;
  /** Declares its resources. */
  deploy(context: DeployContext<NonNullable<z.output<Schema>>, Files, Rotation>): Published;
}

/** Defines a stack, and infers the types of its parts from each other. */
export function defineStack<
  const Name extends string,
  Schema extends z.ZodType,
  Files = undefined,
  const Rotation extends string = never,
>(stack: Stack<Name, Schema, Files, Rotation>): Stack<Name, Schema, Files, Rotation> {
  return stack;
}

/** Recipes that lie in `images/` of a stack's folder. */
export function recipesIn(folder: string, ...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, `${folder}/images/${name}`]));
}
