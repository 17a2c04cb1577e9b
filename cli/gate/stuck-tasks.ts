import { ask } from "../nodes/ask";
import type { Context } from "../context/context";
import { scripts } from "./scripts";
import type { ServiceFact, SwarmFacts, TaskFact } from "./swarm";

/** A task that Swarm has as `starting` for so long is looked at. Most containers are healthy sooner. */
const startingSeconds = 90;

/** Swarm hears of a container's health within a second: one that is healthy for so long was missed. */
const missedSeconds = 10;

/** A node that does not answer must not hold the gate up. */
const nodeSeconds = 20;

/** The health of a task's container as Docker has it; with `restart` a healthy one is killed. */
export type TaskHealth = (node: string, task: string, restart: boolean) => Promise<string>;

/** Asks a node over ssh; one that does not answer has no health. */
export function taskHealthOf(farm: Pick<Context, "stack" | "folders">): TaskHealth {
  return async (node, task, restart) => {
    const script = scripts("task-health.sh", { TASK: task, RESTART: restart ? "yes" : "no" });
    return (await ask(farm, node, script, { timeoutSeconds: nodeSeconds })).stdout.trim();
  };
}

/**
 * After a power cut dockerd can miss the event that a container is healthy, which came before it listened: the container is
 * healthy to Docker, and its task is `starting` to Swarm forever. A kill of the container cures it.
 */
export class StuckTasks {
  private readonly healthySince = new Map<string, number>();
  private readonly restarted = new Set<string>();

  constructor(
    private readonly healthOf: TaskHealth,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Restarts each task that Swarm missed the health of, once.
   *
   * @param seen for how many seconds this run has seen a task in its state, which counts where the clocks of nodes differ
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
