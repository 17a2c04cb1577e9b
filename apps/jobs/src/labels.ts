/** The label that makes a service a job. */
export const enableLabel = "swarm.cronjob.enable";

/** Labels of a job: those of swarm-cronjob, and the farm's own. */
const label = {
  schedule: "swarm.cronjob.schedule",
  skipRunning: "swarm.cronjob.skip-running",
  replicas: "swarm.cronjob.replicas",
  missed: "swarm-farm.job.missed",
  limit: "swarm-farm.job.time-limit-seconds",
} as const;

/** How a job runs. */
export interface Ways {
  /** Tasks of each run. */
  readonly tasks: number;
  /** A run that is due while another one is under way is left out, or takes the other's place. */
  readonly overlap: "skip" | "replace";
  /** Whether the last of the runs that nobody could start is started later. */
  readonly missed: "skip" | "run";
  /** How long a run may take. */
  readonly limitMs: number | undefined;
}

/**
 * Reads a service's labels; undefined if it is no job.
 *
 * @throws Error with the wrong label
 */
export function readLabels(labels: Readonly<Record<string, string>>): (Ways & { readonly text: string }) | undefined {
  if (labels[enableLabel] !== "true") return undefined;
  const text = labels[label.schedule];
  if (text === undefined) throw new Error(`it has no label ${label.schedule}`);
  const limit = labels[label.limit];
  return {
    text,
    tasks: whole(label.replicas, labels[label.replicas] ?? "1"),
    overlap: choice(label.skipRunning, labels[label.skipRunning] ?? "false", { true: "skip", false: "replace" }),
    missed: choice(label.missed, labels[label.missed] ?? "skip", { skip: "skip", run: "run" }),
    limitMs: limit === undefined ? undefined : whole(label.limit, limit) * 1000,
  };
}

function whole(name: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`its label ${name} is '${text}'; allowed: a whole number from 1`);
}

function choice<T>(name: string, text: string, choices: Readonly<Record<string, T>>): T {
  const found = choices[text];
  if (found !== undefined) return found;
  throw new Error(`its label ${name} is '${text}'; allowed: ${Object.keys(choices).join(", ")}`);
}
