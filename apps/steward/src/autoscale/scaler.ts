import { type Memory } from "../lease/memory.ts";
import { isActive, type Service, type Snapshot, updateUnderWay } from "../shared/model.ts";
import { cooled, decide, type Verdict, type Recommendation } from "./decide.ts";
import { type Policy, policyOf } from "./policy.ts";
import { type Load } from "./prometheus.ts";

/** Current decision of a policy for its service. */
export interface Scaling extends Verdict {
  readonly service: Service;
  readonly policy: Policy;
}

/** Current decisions of all policies. */
export interface Scalings {
  readonly scalings: readonly Scaling[];
  /** Policies that are wrong; their services are left alone. */
  readonly problems: readonly string[];
}

/** Reads the load of a service. */
export type LoadReader = (service: string, policy: Policy) => Promise<Load>;

/** Applies the policies of all services, and keeps the window of recent recommendations: the only thing it remembers. */
export class Scaler {
  readonly #read: LoadReader;
  #recommendations: ReadonlyMap<string, readonly Recommendation[]> = new Map();

  constructor(read: LoadReader) {
    this.#read = read;
  }

  /** Decides for every service that has a policy. `now` is called when the loads are known. */
  async consider(snapshot: Snapshot, memory: Memory, now: () => number): Promise<Scalings> {
    const problems: string[] = [];
    const withPolicy = snapshot.services.flatMap((service) => {
      const found = policyOf(service);
      if (!found) return [];
      if ("policy" in found) return [{ service, policy: found.policy }];
      problems.push(found.problem);
      return [];
    });
    const loads = await Promise.all(withPolicy.map(({ service, policy }) => this.#read(service.name, policy)));
    const at = now();
    const scalings = withPolicy.map(({ service, policy }, i): Scaling => {
      const situation = {
        service: service.name,
        replicas: service.replicas,
        load: loads[i] ?? { missing: "it was not queried" },
        pending: pendingOf(service, snapshot),
        busy: busyWith(service, memory),
        cooling: memory.cooling[service.id] ?? { up: at, down: at },
      };
      return { service, policy, ...decide(situation, policy, this.#recommendations.get(service.id) ?? [], at) };
    });
    this.#recommendations = new Map(scalings.map(({ service, recommendations }) => [service.id, recommendations]));
    return { scalings, problems };
  }
}

/** The memory with the cooldowns of a scaling that is about to happen. */
export function afterScaling(memory: Memory, { service, policy, replicas }: Scaling, now: number): Memory {
  const before = memory.cooling[service.id] ?? { up: now, down: now };
  const cooling = cooled(replicas > service.replicas, policy, before, now);
  return { ...memory, cooling: { ...memory.cooling, [service.id]: cooling } };
}

/** Swarm's errors of tasks that have no node. */
function pendingOf(service: Service, snapshot: Snapshot): readonly string[] {
  const waiting = snapshot.tasks.filter(
    (task) => task.serviceId === service.id && isActive(task) && task.state === "pending",
  );
  return [...new Set(waiting.map(({ error }) => error || "not placed yet"))];
}

function busyWith(service: Service, { move }: Memory): string | undefined {
  const update = updateUnderWay(service);
  if (update !== undefined) return `it ${update}`;
  return move?.serviceId === service.id ? "it is being moved" : undefined;
}
