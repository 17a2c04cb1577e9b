import { ask } from "../nodes/ask";
import type { Context } from "../context/context";
import { scripts } from "./scripts";
import type { ServiceFact, SwarmFacts, TaskFact } from "./swarm";

/** How long a task is `starting` before its container is checked. Most are healthy sooner. */
const startingSeconds = 90;

/** A container that is healthy for this long while its task is `starting`: Swarm missed the event, which takes a second. */
const missedSeconds = 10;

/** The time limit for a node that does not answer. */
const nodeSeconds = 20;

/** The health of a task's container in Docker; with `restart` a healthy container is killed. */
export type TaskHealth = (node: string, task: string, restart: boolean) => Promise<string>;

/** Asks a node over ssh; undefined if it does not answer. */
export function taskHealthOf(farm: Pick<Context, "stack" | "folders">): TaskHealth {
  return async (node, task, restart) => {
    const script = scripts("task-health.sh", { TASK: task, RESTART: restart ? "yes" : "no" });
    return (await ask(farm, node, script, { timeoutSeconds: nodeSeconds })).stdout.trim();
  };
}

/**
 * After a power cut dockerd can miss the event that a container is healthy: Docker shows it as healthy, and Swarm shows its task
 * as `starting` forever. A kill of the container makes Swarm start another.
 */
export class StuckTasks {
  private readonly healthySince = new Map<string, number>();
  private readonly restarted = new Set<string>();

  constructor(
    private readonly healthOf: TaskHealth,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Restarts each task whose health Swarm missed, once.
   *
   * @param seen how many seconds this run has seen a task in its state; it counts if the clocks of nodes differ
   * @returns a line for each task that was restarted
   */
  async restart({ services }: SwarmFacts, seen: (task: TaskFact) => number): Promise<string[]> {
    const own = services.filter((service) => service.own);
    const stuck = own.flatMap((service) =>
      service.tasks
        .filter((task) => task.state === "starting" && !this.restarted.has(task.id))
        .filter((task) => Math.max(task.seconds, seen(task)) > startingSeconds)
        .map((task) => this.restartTask(service, task)),
    );
    return (await Promise.all(stuck)).flat();
  }

  private async restartTask({ name }: ServiceFact, { id, node }: TaskFact): Promise<string[]> {
    if (node === undefined) return [];
    const since = this.healthySince.get(id);
    const isDue = since !== undefined && this.now() - since >= missedSeconds * 1000;
    const health = await this.healthOf(node, id, isDue);
    if (health !== "healthy") {
      this.healthySince.delete(id);
      return [];
    }
    if (!isDue) {
      this.healthySince.set(id, since ?? this.now());
      return [];
    }
    this.restarted.add(id);
    return [
      `service ${name}: its task on ${node} is restarted, since Docker has its container as healthy and Swarm as 'starting' for more than ${startingSeconds} s`,
    ];
  }
}
