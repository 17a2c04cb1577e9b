import type { Figures, Requests } from "./figures";

/** What the farm's swarm is configured to wait before it takes something for lost, in seconds. */
export interface Configured {
  /** From one sign of life of a node to the next; a node is down after three that did not come. */
  readonly heartbeat: number;
  /** Silence of the leader after which the first manager asks to be elected; each adds up to as much again by chance. */
  readonly election: number;
}

/** What the steward is configured to. */
export interface Policies {
  /** How long nothing must have changed before it moves tasks. */
  readonly quietSeconds: number;
  /** What the tasks of a service are to bear together before the step, in requests per second. */
  readonly bearable: number;
}

interface Row {
  readonly what: string;
  readonly took: readonly number[];
  /** Swarm's own part as it is configured. */
  readonly configured: string;
  /** The same as it was measured; words where there is no time. */
  readonly own: readonly number[] | string;
}

/** The figures of all runs as Markdown: the median, and from the least to the most where there are several. */
export function table(runs: readonly Figures[], configured: Configured, policies: Policies): string {
  const of = (pick: (figures: Figures) => number) => runs.map(pick);
  const rate = span(
    of(({ step }) => step.requestsPerSecond),
    1,
  );
  const rows: Row[] = [
    {
      what: "a worker is switched off: until a task in place of the lost one answers",
      took: of(({ lost }) => lost.serving),
      configured: `3 × ${configured.heartbeat}`,
      own: of(({ lost }) => lost.down),
    },
    {
      what: "it is ready again: until its share of the tasks runs on it",
      took: of(({ back }) => back.balanced),
      configured: "never",
      own: `moved ${sum(of(({ back }) => back.movedBySwarm))} in ${seconds(of(({ back }) => back.begun))}`,
    },
    {
      what: `load where there was none, ${rate} requests/s for tasks that are to bear ${policies.bearable}: until an added task answers`,
      took: of(({ step }) => step.serving),
      configured: "",
      own: of(({ step }) => step.byHand),
    },
    {
      what: "the leader of three managers is switched off: until a change of the swarm is accepted",
      took: of(({ leader }) => leader.accepted),
      configured: `${configured.election} to ${2 * configured.election}`,
      own: of(({ leader }) => leader.elected),
    },
    {
      what: "`up --refresh` after that: until there are three again",
      took: of(({ leader }) => leader.repaired),
      configured: "never",
      own: "",
    },
  ];
  return [
    "| what happens | s | Swarm's own, configured s | Swarm's own, measured s | ratio |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row.what} | ${seconds(row.took)} | ${row.configured} | ${own(row)} | ${ratio(row)} |`),
    "",
    `Swarm's own: the node is called down; nothing, which was seen until the steward began, ${policies.quietSeconds} s of quiet at the least;`,
    "`docker service scale` under the same load; another leader is elected.",
    "",
    requests(runs),
  ].join("\n");
}

function own({ own }: Row): string {
  return typeof own === "string" ? own : seconds(own);
}

/** How many times as long as Swarm's own part, run by run. */
function ratio({ took, own }: Row): string {
  if (typeof own === "string") return "";
  return span(
    took.map((time, run) => time / (own[run] ?? Number.NaN)),
    1,
  );
}

function requests(runs: readonly Figures[]): string {
  const phases: readonly [string, (figures: Figures) => Requests][] = [
    ["worker lost", ({ lost }) => lost.requests],
    ["worker back", ({ back }) => back.requests],
    ["step of load", ({ step }) => step.requests],
    ["leader lost", ({ leader }) => leader.requests],
  ];
  const told = phases.map(([name, pick]) => {
    const failed = sum(runs.map((figures) => pick(figures).failed));
    return `${name} ${failed} of ${sum(runs.map((figures) => pick(figures).sent))}`;
  });
  return `Requests that failed: ${told.join(", ")}.`;
}

function seconds(milliseconds: readonly number[]): string {
  return span(milliseconds.map((one) => one / 1000));
}

/** The median, and the least and the most where there are several. */
function span(values: readonly number[], digits = 0): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number) => sorted[place] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  const median = ((at(Math.floor(middle)) + at(Math.ceil(middle))) / 2).toFixed(digits);
  return sorted.length < 2 ? median : `${median} (${at(0).toFixed(digits)}–${at(sorted.length - 1).toFixed(digits)})`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
