import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { poolName } from "../../infra/libvirt/domain";
import { machinesOf } from "../../cli/look/machines";

/** A node as the swarm tells it. */
export interface NodeFact {
  readonly role: string;
  /** `ready`, `down`, `disconnected` or `unknown`. */
  readonly state: string;
  readonly availability: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A service as the swarm tells it. */
export interface ServiceFact {
  /** Absent for a global one. */
  readonly replicas?: number | undefined;
  readonly image: string;
}

/** What is really there. */
export interface Facts {
  /** What each machine does, e.g. `running`, by its name in libvirt. */
  readonly machines: ReadonlyMap<string, string>;
  /** Why each hypervisor that does not answer does not, by its name: nothing is known of its VMs and volumes. */
  readonly away: ReadonlyMap<string, string>;
  /** Names of volumes in the farm's pools. */
  readonly volumes: ReadonlySet<string>;
  /** What the swarm says of itself, or why it says nothing. */
  readonly swarm: SwarmFacts | string;
}

export interface SwarmFacts {
  /** By hostname; of several with one name the one that is ready. */
  readonly nodes: ReadonlyMap<string, NodeFact>;
  readonly services: ReadonlyMap<string, ServiceFact>;
}

/** A host that is away must not hold a person up. */
const hostMilliseconds = 30_000;

/** A manager that starts anew is waited for by ssh itself. */
const swarmMilliseconds = 180_000;

/**
 * Asks every hypervisor; nothing is changed.
 *
 * @param hosts URIs of the hypervisors by their names
 * @param farm whose pool it is
 */
export async function askHosts(
  hosts: Readonly<Record<string, { readonly uri: string }>>,
  farm: string,
): Promise<Omit<Facts, "swarm">> {
  const said = await Promise.all(
    Object.entries(hosts).map(async ([host, { uri }]) => {
      const [machines, volumes] = await Promise.all([machinesOf(uri), volumesOf(uri, farm)]);
      return { host, machines, volumes };
    }),
  );
  return {
    away: new Map(said.flatMap(({ host, machines }) => (typeof machines === "string" ? [[host, machines]] : []))),
    machines: new Map(said.flatMap(({ machines }) => (typeof machines === "string" ? [] : [...machines]))),
    volumes: new Set(said.flatMap(({ volumes }) => volumes)),
  };
}

/** A host whose pool is gone has no volumes, and one that is away is reported by `machinesOf`. */
async function volumesOf(uri: string, farm: string): Promise<string[]> {
  try {
    const args = ["-q", "-c", uri, "vol-list", poolName(farm)];
    const { stdout } = await promisify(execFile)("virsh", args, { timeout: hostMilliseconds });
    return stdout
      .split("\n")
      .map((line) => line.trim().split(/\s+/)[0] ?? "")
      .filter(Boolean);
  } catch {
    return [];
  }
}

const Node = z.object({
  Spec: z.object({ Role: z.string(), Availability: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
  Description: z.object({ Hostname: z.string() }),
  Status: z.object({ State: z.string() }),
});

const Service = z.object({
  Spec: z.object({
    Name: z.string(),
    Mode: z.object({ Replicated: z.object({ Replicas: z.number() }).optional() }),
    TaskTemplate: z.object({ ContainerSpec: z.object({ Image: z.string() }) }),
  }),
});

/**
 * Asks one manager.
 *
 * @param ssh the configuration file with which `ssh` reaches any manager
 * @param signal ends the question
 * @returns why it says nothing, if so
 */
export async function askSwarm(ssh: string, signal: AbortSignal): Promise<SwarmFacts | string> {
  const api = "curl -fsS --max-time 30 --unix-socket /run/docker.sock http://docker";
  try {
    const { stdout } = await promisify(execFile)(
      "ssh",
      ["-F", ssh, "any.manager", `set -e; ${api}/nodes; ${api}/services`],
      { timeout: swarmMilliseconds, maxBuffer: 2 ** 26, signal },
    );
    return parseSwarm(stdout);
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    return said.trim().split("\n").at(-1) ?? "";
  }
}

/** Reads what Docker's API answers to `/nodes` and then to `/services`, a line each. */
export function parseSwarm(text: string): SwarmFacts {
  const [nodes = "", services = ""] = text.split("\n");
  const known = new Map<string, NodeFact>();
  for (const { Description, Spec, Status } of z.array(Node).parse(JSON.parse(nodes))) {
    if (known.get(Description.Hostname)?.state === "ready") continue;
    known.set(Description.Hostname, {
      role: Spec.Role,
      state: Status.State,
      availability: Spec.Availability,
      labels: Spec.Labels ?? {},
    });
  }
  return {
    nodes: known,
    services: new Map(
      z
        .array(Service)
        .parse(JSON.parse(services))
        .map(({ Spec }): [string, ServiceFact] => [
          Spec.Name,
          { replicas: Spec.Mode.Replicated?.Replicas, image: Spec.TaskTemplate.ContainerSpec.Image },
        ]),
    ),
  };
}
