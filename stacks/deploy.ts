import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../infra/config/load";
import { repository } from "../infra/images/content";
import type { Authority } from "../infra/keys/authority";
import type { FarmPlan } from "../infra/net/plan";
import type { Registry } from "../infra/registry/registry";
import { SwarmNetwork } from "../infra/service/network";
import { claimPorts, type PublishedPorts } from "../infra/service/ports";
import type { NetworkUse } from "../infra/service/spec/networks";
import type { Swarm } from "../infra/swarm/swarm";
import type { Stacks } from "./catalog";
import { StackError } from "./contract/error";
import type { Published, StackPlans } from "./contract";
import type { PublishedPort } from "./contract/entries";
import { warnInPreview } from "./contract/warnings";
import { bypassWarnings } from "./bypass";
import { deployedOf, plansOf } from "./plans";

interface StacksArgs {
  readonly settings: Settings;
  readonly plan: FarmPlan;
  readonly swarm: Swarm;
  readonly registry: Registry;
  readonly authority: Authority;
}

/** Values that all deployed stacks published. */
interface Deployed {
  /** URLs by name; known when every task of every service runs and is healthy. */
  readonly urls: pulumi.Output<Readonly<Record<string, string>>>;
  /** Addresses that lead to every URL and survive a node. */
  readonly addresses: readonly string[];
  /** Passwords by user. */
  readonly logins: Readonly<Record<string, pulumi.Output<string>>>;
  /** Certificates in PEM by name. */
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * Deploys the stacks of the configuration, in the order of the list.
 *
 * @throws StackError for a URL, login or certificate that two stacks publish under one name
 */
export function deployStacks(stacks: Stacks, args: StacksArgs): Deployed {
  const { settings, plan, swarm, registry, authority } = args;
  const config: Readonly<Record<string, unknown>> = { ...settings.config };
  const plans = plansOf(stacks, config, settings.files);
  warnInPreview(bypassWarnings(plans));
  const edgeNetworks = needsEdge(plans) ? [edgeNetwork(swarm)] : [];
  const portsFree = [claimPorts(swarm, byService(plans.ports))];
  const published: Published[] = [];
  for (const [stack, value] of deployedOf(stacks, config))
    published.push(
      stack.deploy({
        name: stack.name,
        config: value,
        files: settings.files[stack.name],
        folder: repository,
        secrets: settings.secrets ?? [],
        rotations: settings.config.rotate,
        plan,
        swarm,
        authority,
        image: (name, other, use) => registry.image(name, other, use),
        built: (of, build) => registry.built(of, build),
        edgeNetworks,
        portsFree,
        plans,
        others: {
          services: published.flatMap(({ services }) => services),
          networks: published.flatMap(({ networks = [] }) => networks),
          scrapeNetworks: published.flatMap(({ scrapeNetworks = [] }) => scrapeNetworks),
          urls: merged(published, "urls"),
        },
      }),
    );
  const urls = merged(published, "urls");
  const ready = pulumi.all(published.flatMap(({ services }) => services.map(({ converged }) => converged)));
  return {
    // A URL is printed once its page answers.
    urls: ready.apply(() => urls),
    addresses: plans.addresses,
    logins: merged(published, "logins"),
    certificates: merged(published, "certificates"),
  };
}

/** The network on which the reverse proxy reaches services without a published port. */
function needsEdge({ edge, targets }: StackPlans): boolean {
  return edge !== undefined || Object.values(targets).some(({ kind }) => kind === "service");
}

function edgeNetwork(swarm: Swarm): NetworkUse {
  return new SwarmNetwork("edge-network", { swarm, name: "edge" }, { parent: swarm });
}

/** Ports that one service takes over from another are TCP's. */
function byService(ports: readonly PublishedPort[]): PublishedPorts {
  const ofTcp = ports.filter(({ protocol = "tcp" }) => protocol === "tcp");
  const services = [...new Set(ofTcp.map(({ service }) => service))];
  return Object.fromEntries(
    services.map((name) => [name, ofTcp.filter(({ service }) => service === name).flatMap(({ port }) => port ?? [])]),
  );
}

type Named = "urls" | "logins" | "certificates";

/** The entries that all stacks published under one key. */
function merged<Kind extends Named>(published: readonly Published[], kind: Kind): NonNullable<Published[Kind]> {
  const entries = published.flatMap((each) => Object.entries(each[kind] ?? {}));
  const names = entries.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new StackError(`two stacks publish '${twice}' under ${kind}; rename it in one of them`);
  return Object.fromEntries(entries) as NonNullable<Published[Kind]>;
}
