/** A task of a job; times in milliseconds since 1970. */
export interface Task {
  readonly slot: number;
  /** The counter of the service's spec that it was made of. */
  readonly forceUpdate: number;
  readonly state: string;
  readonly desired: string;
  readonly createdAt: number;
  readonly stateAt: number;
  readonly error: string;
  readonly exitCode: number | undefined;
}

/** A service that is a job, as Docker has it. */
export interface Service {
  readonly id: string;
  readonly name: string;
  /** Docker refuses a change that names an older one. */
  readonly version: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly updatedAt: number;
  /** Swarm's counter; once there was a run, what `counterOf` gives for it. */
  readonly forceUpdate: number;
  /** Undefined for a service that is not replicated. */
  readonly replicas: number | undefined;
  readonly tasks: readonly Task[];
}

/** The last run of a job. */
export interface Run {
  /** `none`: also of a job that was deployed or changed since. `stopped`: by its time limit. */
  readonly state: "none" | "running" | "succeeded" | "failed" | "stopped";
  /** When it was due; undefined for one that a person started. */
  readonly due: number | undefined;
  readonly began: number | undefined;
  readonly ended: number | undefined;
  /** Why it failed. */
  readonly why: string | undefined;
  readonly exitCode: number | undefined;
}

const nothing = { began: undefined, ended: undefined, why: undefined, exitCode: undefined } as const;

/** States in which a task stays. */
const over: readonly string[] = ["complete", "shutdown", "failed", "rejected", "orphaned", "remove"];

/** Less was counted by people who forced an update. */
const firstCounter = 2e9;

/**
 * Swarm's counter for the run of a due time: twice its seconds since 1970. One more is a run that was stopped where there are no
 * replicas, and else one that a person forced.
 */
export function counterOf(due: number): number {
  return 2 * Math.floor(due / 1000);
}

/** The counter of a run that is stopped. */
export function stoppedCounter({ forceUpdate }: Pick<Service, "forceUpdate">): number {
  return isOdd(forceUpdate) ? forceUpdate : forceUpdate + 1;
}

/** The due time up to which runs were started; undefined before the first. */
export function dueOf({ forceUpdate }: Pick<Service, "forceUpdate">): number | undefined {
  return forceUpdate >= firstCounter ? 1000 * Math.floor(forceUpdate / 2) : undefined;
}

function isOdd(count: number): boolean {
  return count % 2 === 1;
}

/** The run that a service's tasks belong to. Swarm itself remembers it, so that a new scheduler knows it. */
export function lastRun(service: Service): Run {
  const odd = isOdd(service.forceUpdate);
  if (service.replicas === 0) {
    // Runs that were due before its tasks were taken away are over.
    const over = { due: dueOf(service), ...nothing, ended: service.updatedAt };
    return odd ? { ...over, state: "stopped", why: "it took longer than its time limit" } : { ...over, state: "none" };
  }
  const due = odd ? undefined : dueOf(service);
  const all = service.tasks.filter(({ forceUpdate }) => forceUpdate === service.forceUpdate);
  const began = all.length === 0 ? service.updatedAt : Math.min(...all.map(({ createdAt }) => createdAt));
  const newest = [...new Map(all.toSorted((a, b) => a.createdAt - b.createdAt).map((one) => [one.slot, one])).values()];
  if (newest.length === 0 || newest.some(isAlive)) return { state: "running", due, ...nothing, began };
  const failed = newest.find(({ state }) => state !== "complete");
  // A task on a lost node has no end that anyone knows of.
  const ends = newest.filter(({ state }) => over.includes(state)).map(({ stateAt }) => stateAt);
  const ended = ends.length > 0 ? Math.max(...ends) : undefined;
  if (failed === undefined) return { state: "succeeded", due, ...nothing, began, ended };
  const { exitCode } = failed;
  return { state: "failed", due, began, ended, why: reasonOf(failed), exitCode: exitCode === 0 ? undefined : exitCode };
}

/** Whether a task runs, will run, or has failed and may be started again. */
function isAlive({ desired, state }: Task): boolean {
  return (desired === "running" || desired === "ready") && state !== "complete";
}

function reasonOf({ error, state }: Task): string {
  if (error !== "") return error;
  return over.includes(state) ? `its task is '${state}'` : "its node is lost or drained";
}
