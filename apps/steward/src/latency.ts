import { isOpen, isRunning, type Snapshot } from "./shared/model.ts";
import type { Plan } from "./rebalance/plan.ts";

/** Measures how long the steward takes to balance and to scale. Both methods are called at each look at the swarm. */
export class LatencyTracker {
  #open: ReadonlySet<string> | undefined;
  #returned: { readonly at: number; worked: boolean } | undefined;
  readonly #loaded = new Map<string, { readonly at: number; grew: boolean }>();

  /** Seconds from a node's return to balance, once, when it is reached. `moving`: a move is under way. */
  nodes(snapshot: Snapshot, moving: boolean, possible: () => Plan, now: number): number | undefined {
    const before = this.#open;
    const open = new Set(snapshot.nodes.filter(isOpen).map(({ id }) => id));
    this.#open = open;
    if (before && [...open].some((id) => !before.has(id))) this.#returned = { at: now, worked: false };
    if (!this.#returned) return undefined;
    const { moves, refusals } = possible();
    const soon = refusals.some(({ code }) => code === "converging" || code === "updating");
    if (moving || moves.length > 0 || soon) {
      this.#returned.worked = true;
      return undefined;
    }
    const { at, worked } = this.#returned;
    this.#returned = undefined;
    return worked ? (now - at) / 1000 : undefined;
  }

  /** Notes that a service was made to grow. */
  grew(serviceId: string): void {
    const loaded = this.#loaded.get(serviceId);
    if (loaded) loaded.grew = true;
  }

  /** Seconds from a load that called for more to all replicas running, once, when they do. */
  load(snapshot: Snapshot, serviceId: string, recommended: number | undefined, now: number): number | undefined {
    const service = snapshot.services.find(({ id }) => id === serviceId);
    if (!service || recommended === undefined) return undefined;
    const loaded = this.#loaded.get(serviceId);
    if (recommended > service.replicas) {
      if (!loaded) this.#loaded.set(serviceId, { at: now, grew: false });
      return undefined;
    }
    const running = snapshot.tasks.filter((task) => task.serviceId === serviceId && isRunning(task)).length;
    if (!loaded || (loaded.grew && running < service.replicas)) return undefined;
    this.#loaded.delete(serviceId);
    return loaded.grew ? (now - loaded.at) / 1000 : undefined;
  }
}
