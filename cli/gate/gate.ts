import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import type { Outputs } from "../pulumi/outputs";
import { certificateWarnings } from "./certificates";
import { restOf, type Rest } from "./rest";
import { askRoutes, routeProblems } from "./routes";
import { StuckTasks, taskHealthOf } from "./stuck-tasks";
import { askSwarm, type SwarmFacts, type TaskFact } from "./swarm";

type Farm = Pick<Context, "stack" | "folders" | "signal">;

/** What the gate reads of the stack's outputs: routes, nodes in the order of the configuration, and certificates. */
interface Expected extends Pick<Outputs, "urls" | "certificates"> {
  readonly nodes: readonly Pick<Outputs["nodes"][number], "name" | "address">[];
}

/** Where the gate reports what it waits for, and what it does meanwhile. */
interface Report {
  /** What it waits for now. */
  now(text: string): void;
  /** What it did, a line that stays. */
  say(line: string): void;
}

/** Between two looks, where a task has to change first. */
const pauseSeconds = 3;

/** Between two looks, where only time has to pass. */
const shortestPauseSeconds = 0.5;

/**
 * Waits until every service of the farm is full, healthy and converged for a heartbeat, and until one request through each route
 * got an answer that is no server error. Nothing is changed, but for tasks whose health Swarm missed, which are restarted.
 *
 * @param seconds how long that may take
 * @returns lines for a person: what converged, services of others that did not, certificates that end soon
 * @throws FarmError with what is not so after that time
 */
export async function waitUntilConverged(
  farm: Farm,
  outputs: Expected,
  seconds: number,
  report: Report,
): Promise<string[]> {
  const deadline = Date.now() + seconds * 1000;
  const seen = stopwatch();
  const stuck = new StuckTasks(taskHealthOf(farm));
  for (let reported = ""; ;) {
    const { why, others, note, swarm, inSeconds = pauseSeconds } = await look(farm, outputs, seen);
    if (why.length === 0)
      return [
        note,
        ...others.map((line) => `not of this farm: ${line}`),
        ...certificateWarnings(outputs.certificates, Date.now()),
      ];
    farm.signal.throwIfAborted();
    if (Date.now() >= deadline) throw new FarmError(tooLate(why, seconds));
    if (swarm) for (const line of await stuck.restart(swarm, seen)) report.say(line);
    const [first = ""] = why;
    if (first !== reported) report.now(first);
    reported = first;
    await sleep(Math.max(inSeconds, shortestPauseSeconds) * 1000, undefined, { signal: farm.signal });
  }
}

function tooLate(why: readonly string[], seconds: number): string {
  const doNext = "see ./farm doctor and ./farm docker service ps --no-trunc SERVICE, then ./farm up --refresh";
  return [...why, `waited ${seconds} s for that: ${doNext}`].join("\n");
}

/** For how many seconds a task was seen in its state. */
function stopwatch(): (task: TaskFact) => number {
  const firstSeen = new Map<string, number>();
  return ({ id, state }) => {
    const key = `${id} ${state}`;
    const since = firstSeen.get(key) ?? Date.now();
    firstSeen.set(key, since);
    return (Date.now() - since) / 1000;
  };
}

interface Look extends Rest {
  readonly note: string;
  /** Absent where the swarm does not answer. */
  readonly swarm?: SwarmFacts;
}

/** Routes are asked once all services converged. */
async function look(farm: Farm, { urls, nodes }: Expected, seen: (task: TaskFact) => number): Promise<Look> {
  const swarm = await askSwarm(farm, farm.signal).catch(reasonOf);
  if (typeof swarm === "string") return { why: [`the swarm does not answer: ${swarm}`], others: [], note: "" };
  const rest = restOf(swarm, seen);
  if (rest.why.length > 0) return { ...rest, swarm, note: "" };
  const ready = nodes.filter(({ name }) => swarm.nodes.get(name)?.state === "ready");
  // A balancer runs on every node that takes tasks.
  const entry = ready.find(({ name }) => swarm.nodes.get(name)?.availability === "active") ?? ready[0];
  if (!entry) return { why: ["no node is ready"], others: [], swarm, note: "" };
  const why = routeProblems(await askRoutes(farm, urls, entry.address));
  const away = nodes.filter((node) => !ready.includes(node)).map(({ name }) => `, ${name} is away`);
  const [services, routes] = [swarm.services.filter(({ own }) => own).length, Object.keys(urls).length];
  return {
    ...rest,
    why,
    swarm,
    note: `${services} full and at rest, ${routes} routes answer${away.join("")}`,
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
