import { poolName } from "../../infra/libvirt/domain";
import { FarmError } from "../base/errors";
import { domainStates } from "../hypervisor/domains";
import { namesIn, virsh } from "../hypervisor/virsh";
import { ask, reasonOf, type Farm } from "../nodes/ask";
import { answerLines, dockerAnswer, dockerApi } from "../nodes/docker-answer";
import { Nodes, Services } from "../nodes/docker-shapes";
import { byHostname, nameless } from "../nodes/members";
import { anyManager } from "../nodes/ssh";

/** A node as the swarm lists it. */
export interface NodeFact {
  readonly role: string;
  /** `ready`, `down`, `disconnected` or `unknown`. */
  readonly state: string;
  readonly availability: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A service as the swarm lists it. */
export interface ServiceFact {
  /** Absent for a global one. */
  readonly replicas?: number | undefined;
  /** Absent for one whose tasks are no containers. */
  readonly image?: string | undefined;
}

/** The actual VMs, volumes, nodes and services. */
export interface Facts {
  /** States of domains, e.g. `running`, by name. */
  readonly domains: ReadonlyMap<string, string>;
  /** Errors of hypervisors that do not answer, by name: their VMs and volumes are unknown. */
  readonly away: ReadonlyMap<string, string>;
  /** Names of volumes in the farm's pools. */
  readonly volumes: ReadonlySet<string>;
  /** The nodes and services of the swarm, or why it does not answer. */
  readonly swarm: SwarmFacts | string;
}

export interface SwarmFacts {
  /** By hostname; of several with one name, the ready one. */
  readonly nodes: ReadonlyMap<string, NodeFact>;
  /** Ids of members that never reported. */
  readonly nameless: readonly string[];
  readonly services: ReadonlyMap<string, ServiceFact>;
}

/** ssh itself waits for a manager that restarts. */
const swarmSeconds = 180;

/**
 * Asks every hypervisor for its VMs and volumes, in parallel; nothing is changed.
 *
 * @param hosts URIs of the hypervisors by their names
 */
export async function askHosts(
  farm: Farm,
  hosts: Readonly<Record<string, { readonly uri: string }>>,
): Promise<Omit<Facts, "swarm">> {
  const answers = await Promise.all(
    Object.entries(hosts).map(async ([host, { uri }]) => {
      const [domains, volumes] = await Promise.all([domainStates(farm, uri), volumesOf(farm, uri)]);
      return { host, domains, volumes };
    }),
  );
  return {
    away: new Map(answers.flatMap(({ host, domains }) => (typeof domains === "string" ? [[host, domains]] : []))),
    domains: new Map(answers.flatMap(({ domains }) => (typeof domains === "string" ? [] : [...domains]))),
    volumes: new Set(answers.flatMap(({ volumes }) => volumes)),
  };
}

/** A host without the pool has no volumes; `machinesOf` reports one that does not answer. */
async function volumesOf(farm: Farm, uri: string): Promise<string[]> {
  try {
    return namesIn(await virsh(farm, uri, "vol-list", poolName(farm.stack)));
  } catch (error) {
    if (error instanceof FarmError) return [];
    throw error;
  }
}

/**
 * Asks one manager for its nodes and services.
 *
 * @param signal ends the connection
 * @returns why the swarm does not answer, if so
 */
export async function askSwarm(farm: Farm, signal: AbortSignal): Promise<SwarmFacts | string> {
  try {
    const result = await ask(farm, anyManager, dockerApi("/nodes", "/services"), {
      timeoutSeconds: swarmSeconds,
      signal,
    });
    return result.status === 0 ? parseSwarm(result.stdout) : reasonOf(result, swarmSeconds);
  } catch (error) {
    if (error instanceof FarmError) return error.message;
    throw error;
  }
}

/**
 * Parses the answers of Docker's API to `/nodes` and `/services`, a line each.
 *
 * @throws FarmError with Docker's own message, or that an answer cannot be read
 */
export function parseSwarm(text: string): SwarmFacts {
  const [nodes, services] = answerLines(text);
  const members = dockerAnswer(Nodes, nodes, anyManager, "/nodes");
  return {
    nameless: nameless(members),
    nodes: new Map(
      [...byHostname(members)].map(([name, { Spec, Status }]): [string, NodeFact] => [
        name,
        { role: Spec.Role, state: Status.State, availability: Spec.Availability, labels: Spec.Labels ?? {} },
      ]),
    ),
    services: new Map(
      dockerAnswer(Services, services, anyManager, "/services").map(({ Spec }): [string, ServiceFact] => [
        Spec.Name,
        { replicas: Spec.Mode.Replicated?.Replicas, image: Spec.TaskTemplate.ContainerSpec?.Image },
      ]),
    ),
  };
}
