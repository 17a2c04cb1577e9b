import type { FarmPlan, NodePlan } from "../../infra/net/plan";
import type { Known } from "../doctor/state";
import type { SwarmFacts } from "../convergence/swarm";
import type { DomainStates } from "../hypervisor/domains";

/** Actions for the VMs of a farm. */
export interface VmFindings {
  readonly off: readonly {
    readonly uri: string;
    readonly domain: string;
    readonly node: string;
    readonly state: string;
  }[];
  /** Losses that Pulumi sees only with a refresh. */
  readonly missing: readonly string[];
  /** Hypervisors that do not answer: their VMs are unknown. */
  readonly away: readonly string[];
  /** Nodes whose VM runs, or is being started. */
  readonly alive: readonly NodePlan[];
}

/**
 * Compares VMs with the state. Nodes that are not in the configuration are ignored.
 *
 * @param hosts states of VMs by hypervisor
 */
export function vmFindings(plan: FarmPlan, known: Known, hosts: ReadonlyMap<string, DomainStates>): VmFindings {
  const away = [...hosts].flatMap(([host, error]) =>
    typeof error === "string" ? [`hypervisor '${host}' does not answer: ${error}`] : [],
  );
  const nodes = plan.nodes.filter(({ name }) => known.urns.has(`${name}-domain`));
  const states = nodes.flatMap((node) => {
    const domains = hosts.get(node.host);
    if (domains === undefined || typeof domains === "string") return [];
    const domain = `${plan.farm}.${node.name}`;
    return [{ node, domain, uri: plan.hosts[node.host]?.uri ?? "", state: domains.get(domain) }];
  });
  return {
    away,
    alive: states.flatMap(({ node, state }) => (state === undefined ? [] : [node])),
    missing: states.flatMap(({ node, state }) =>
      state === undefined ? [`${node.name}: libvirt on ${node.host} does not know its VM`] : [],
    ),
    off: states.flatMap(({ node, domain, uri, state }) =>
      state === undefined || running.has(state) ? [] : [{ uri, domain, node: node.name, state }],
    ),
  };
}

/** States of a running VM, also while it waits for a device. */
const running = new Set(["running", "idle"]);

/** A node that is not ready. */
export interface LostNode {
  readonly name: string;
  /** Its state in the swarm. */
  readonly what: string;
}

/** Nodes that joined, whose VM runs, and that are not ready. */
export function lostNodes(alive: readonly NodePlan[], known: Known, { nodes }: SwarmFacts): LostNode[] {
  return alive.flatMap(({ name }) => {
    const state = nodes.get(name)?.state;
    if (!known.urns.has(`${name}-join`) || state === "ready") return [];
    return [
      {
        name,
        what: `${name}: ${state === undefined ? "the swarm has no such node" : `the swarm reports it as '${state}'`}`,
      },
    ];
  });
}

/** Services of the state that the swarm does not have. */
export function lostServices({ services }: Known, swarm: SwarmFacts): string[] {
  const there = new Set([...swarm.services.map(({ name }) => name), ...swarm.jobs]);
  return services.flatMap(({ name }) => (there.has(name) ? [] : [`service ${name}: is gone`]));
}
