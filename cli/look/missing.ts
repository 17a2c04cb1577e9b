import type { FarmPlan, NodePlan } from "../../infra/net/plan";
import type { Known } from "../doctor/state";
import type { SwarmFacts } from "../gate/swarm";
import type { Machines } from "../hypervisor/domains";

/** What is to be done about the VMs of a farm. */
export interface MachineFindings {
  readonly off: readonly {
    readonly uri: string;
    readonly domain: string;
    readonly node: string;
    readonly state: string;
  }[];
  /** What only a refresh lets Pulumi see. */
  readonly missing: readonly string[];
  /** Hypervisors that do not answer: nothing is known of their VMs. */
  readonly away: readonly string[];
  /** Nodes whose VM runs, or is about to. */
  readonly alive: readonly NodePlan[];
}

/**
 * Compares VMs with what Pulumi made. A node that is no longer in the configuration is left as it is.
 *
 * @param hosts what each hypervisor says, by its name
 */
export function machineFindings(plan: FarmPlan, known: Known, hosts: ReadonlyMap<string, Machines>): MachineFindings {
  const away = [...hosts].flatMap(([host, said]) =>
    typeof said === "string" ? [`hypervisor '${host}' does not answer: ${said}`] : [],
  );
  const nodes = plan.nodes.filter(({ name }) => known.urns.has(`${name}-domain`));
  const states = nodes.flatMap((node) => {
    const machines = hosts.get(node.host);
    if (machines === undefined || typeof machines === "string") return [];
    const domain = `${plan.farm}.${node.name}`;
    return [{ node, domain, uri: plan.hosts[node.host]?.uri ?? "", state: machines.get(domain) }];
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

/** A VM that waits for a device or for its own processor runs. */
const running = new Set(["running", "idle"]);

/** A node that the swarm does not have as ready. */
export interface LostNode {
  readonly name: string;
  /** What the swarm has it for. */
  readonly what: string;
}

/** Nodes that Pulumi let join, whose VM runs, and which the swarm lost. */
export function lostNodes(alive: readonly NodePlan[], known: Known, { nodes }: SwarmFacts): LostNode[] {
  return alive.flatMap(({ name }) => {
    const state = nodes.get(name)?.state;
    if (!known.urns.has(`${name}-join`) || state === "ready") return [];
    return [
      {
        name,
        what: `${name}: ${state === undefined ? "the swarm does not know it" : `to the swarm it is '${state}'`}`,
      },
    ];
  });
}

/** Services that Pulumi made, and that are gone. */
export function lostServices({ services }: Known, swarm: SwarmFacts): string[] {
  const there = new Set(swarm.services.map(({ name }) => name));
  return services.flatMap(({ name }) => (there.has(name) ? [] : [`service ${name}: is gone`]));
}
