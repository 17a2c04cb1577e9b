import { median } from "../median";
import type { Figures, Requests } from "./figures";
import { sum } from "../sum";

/** Timeouts of the swarm before a node counts as lost, in seconds. */
export interface Configured {
  /** From one sign of life of a node to the next; a node is down after three that did not come. */
  readonly heartbeat: number;
  /** Silence of the leader after which another manager asks to be elected; by chance up to as much again is added. */
  readonly election: number;
}

/** Settings of the steward. */
interface Policies {
  /** How long nothing must have changed before it moves tasks. */
  readonly stabilizationSeconds: number;
  /** Load on all tasks of a service before the step, in requests per second. */
  readonly bearable: number;
}

interface Row {
  readonly what: string;
  /** Milliseconds, one for each run. */
  readonly took: readonly number[];
  /** Swarm's own part as it is configured. */
  readonly configured: string;
  /** The same as it was measured; words where there is no time. */
  readonly own: readonly number[] | string;
}

/** The figures of all runs as Markdown: the median, and the least and the most where there are several. */
export function table(figures: Figures, configured: Configured, policies: Policies): string {
  const rows = [...stewardRows(figures, configured, policies), ...leaderRows(figures, configured)];
  return [
    "| what happens | s | Swarm's own, configured s | Swarm's own, measured s | ratio |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row.what} | ${seconds(row.took)} | ${row.configured} | ${own(row)} | ${ratio(row)} |`),
    "",
    requests(figures),
  ].join("\n");
}

function stewardRows(
  { steward }: Figures,
  { heartbeat }: Configured,
  { stabilizationSeconds, bearable }: Policies,
): Row[] {
  if (steward.length === 0) return [];
  const moved = sum(steward.map(({ back }) => back.movedBySwarm));
  const rate = span(steward.map(({ step }) => step.requestsPerSecond));
  return [
    {
      what: "worker switched off → replacement task answers; Swarm alone: node marked as down",
      took: steward.map(({ lost }) => lost.serving),
      configured: `3 × ${heartbeat}`,
      own: steward.map(({ lost }) => lost.down),
    },
    {
      what: `node returns → tasks rebalanced (includes the ${stabilizationSeconds} s stabilization window); Swarm alone never rebalances`,
      took: steward.map(({ back }) => back.balanced),
      configured: "never",
      own: `${moved} moved in ${seconds(steward.map(({ back }) => back.begun))}, when the steward began`,
    },
    {
      what: `load rises from 0 to ${rate} requests/s, target ${bearable} → added task answers; Swarm alone: \`docker service scale\``,
      took: steward.map(({ step }) => step.serving),
      configured: "",
      own: steward.map(({ step }) => step.byHand),
    },
  ];
}

function leaderRows({ leader }: Figures, { election }: Configured): Row[] {
  if (leader.length === 0) return [];
  return [
    {
      what: "leader of three managers switched off → swarm accepts a change; Swarm alone: another leader elected",
      took: leader.map(({ accepted }) => accepted),
      configured: `${election} to ${2 * election}`,
      own: leader.map(({ elected }) => elected),
    },
    {
      what: "then `up --refresh` → three managers again; Swarm alone never recreates one",
      took: leader.map(({ repaired }) => repaired),
      configured: "never",
      own: "",
    },
  ];
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

function requests({ steward, leader }: Figures): string {
  const phases: readonly [string, readonly Requests[]][] = [
    ["worker lost", steward.map(({ lost }) => lost.requests)],
    ["worker back", steward.map(({ back }) => back.requests)],
    ["step of load", steward.map(({ step }) => step.requests)],
    ["leader lost", leader.map((one) => one.requests)],
  ];
  const failures = phases
    .filter(([, runs]) => runs.length > 0)
    .map(([name, runs]) => `${name} ${sum(runs.map((run) => run.failed))} of ${sum(runs.map((run) => run.sent))}`);
  return `Requests that failed: ${failures.join(", ")}.`;
}

function seconds(milliseconds: readonly number[]): string {
  return span(milliseconds.map((one) => one / 1000));
}

/** The median, and the least and the most where there are several. */
function span(values: readonly number[], digits = 0): string {
  const middle = median(values).toFixed(digits);
  if (values.length < 2) return middle;
  return `${middle} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;
}
