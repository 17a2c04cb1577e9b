import { setTimeout as sleep } from "node:timers/promises";
import { counted } from "../../infra/config/counted";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import type { Outputs } from "../pulumi/outputs";
import { acmeService, acmeWarning } from "./acme";
import { certificateWarnings } from "./certificates";
import { convergenceOf, type Convergence } from "./converged";
import { askRoutes, routeProblems } from "./routes";
import { StuckTasks, taskHealthOf } from "./stuck-tasks";
import { askSwarm, type SwarmFacts, type TaskFact } from "./swarm";

type Farm = Pick<Context, "stack" | "folders" | "signal">;

/** The outputs that `up` reads: routes, nodes in the order of the configuration, and certificates. */
interface Expected extends Pick<Outputs, "urls" | "certificates"> {
  readonly nodes: readonly Pick<Outputs["nodes"][number], "name" | "address">[];
  /** Addresses that survive a node; the first is asked, as clients do. Default: none, and a node is asked. */
  readonly addresses?: Outputs["addresses"];
}

/** Receives progress. */
interface Report {
  /** The current reason for waiting. */
  now(text: string): void;
  /** An action of the wait, as a permanent line. */
  say(line: string): void;
}

/** Poll interval while a task has to change. */
const pauseSeconds = 3;

/** Poll interval while only time has to pass. */
const shortestPauseSeconds = 0.5;

/**
 * Waits until every service of the farm has converged and its tasks have run for long enough, and one request through each route gets an
 * answer other than a server error. It restarts tasks whose health Swarm missed, and changes nothing else.
 *
 * @param seconds the timeout
 * @param found the swarm's answer to begin with. Default: it is asked
 * @returns a summary, services of other programs that have not converged, certificates that expire soon
 * @throws FarmError with what has not converged by then
 */
export async function waitUntilConverged(
  farm: Farm,
  outputs: Expected,
  seconds: number,
  report: Report,
  found?: SwarmFacts,
): Promise<string[]> {
  const deadline = Date.now() + seconds * 1000;
  const seen = stopwatch();
  const stuck = new StuckTasks(taskHealthOf(farm));
  const ask = () => askSwarm(farm, farm.signal);
  for (let [reported, asking] = ["", found ? Promise.resolve(found) : ask()]; ; asking = ask()) {
    const { why, others, note, swarm, inSeconds = pauseSeconds } = await look(farm, outputs, asking, seen);
    if (why.length === 0)
      return [
        note,
        ...others.map((line) => `not of this farm: ${line}`),
        ...certificateWarnings(outputs.certificates, Date.now()),
        ...(await acmeLines(farm, swarm)),
      ];
    farm.signal.throwIfAborted();
    if (Date.now() >= deadline) throw new FarmError(tooLate(why, seconds));
    if (swarm) for (const line of await stuck.restart(swarm, seen)) report.say(line);
    const [reason = ""] = why;
    if (reason !== reported) report.now(reason);
    reported = reason;
    await sleep(Math.max(inSeconds, shortestPauseSeconds) * 1000, undefined, { signal: farm.signal });
  }
}

async function acmeLines(farm: Farm, swarm: SwarmFacts | undefined): Promise<string[]> {
  if (!swarm?.services.some(({ name, own }) => own && name === acmeService)) return [];
  return [await acmeWarning(farm, Date.now())].flatMap((line) => line ?? []);
}

function tooLate(why: readonly string[], seconds: number): string {
  const doNext = "see ./farm doctor and ./farm docker service ps --no-trunc SERVICE, then ./farm up --refresh";
  return [...why, `waited ${seconds} s for that: ${doNext}`].join("\n");
}

/** How many seconds a task has been seen in its state. */
function stopwatch(): (task: TaskFact) => number {
  const firstSeen = new Map<string, number>();
  return ({ id, state }) => {
    const key = `${id} ${state}`;
    const since = firstSeen.get(key) ?? Date.now();
    firstSeen.set(key, since);
    return (Date.now() - since) / 1000;
  };
}

interface Look extends Convergence {
  readonly note: string;
  /** Absent if the swarm does not answer. */
  readonly swarm?: SwarmFacts;
}

/** Routes are requested once all services have converged. */
async function look(
  farm: Farm,
  { urls, nodes, addresses = [] }: Expected,
  asking: Promise<SwarmFacts>,
  seen: (task: TaskFact) => number,
): Promise<Look> {
  const swarm = await asking.catch(reasonOf);
  if (typeof swarm === "string") return { why: [`the swarm does not answer: ${swarm}`], others: [], note: "" };
  const convergence = convergenceOf(swarm, seen);
  if (convergence.why.length > 0) return { ...convergence, swarm, note: "" };
  const ready = nodes.filter(({ name }) => swarm.nodes.get(name)?.state === "ready");
  // A balancer runs on every node that takes tasks.
  const entry = ready.find(({ name }) => swarm.nodes.get(name)?.availability === "active") ?? ready[0];
  if (!entry) return { why: ["no node is ready"], others: [], swarm, note: "" };
  const routes = await askRoutes(farm, urls, addresses[0] ?? entry.address);
  const away = nodes.filter((node) => !ready.includes(node)).map(({ name }) => `, ${name} is away`);
  const services = swarm.services.filter(({ own }) => own).length;
  return {
    ...convergence,
    why: routeProblems(routes),
    swarm,
    note: `${services} converged, ${counted(routes.length, "route answers", "routes answer")}${away.join("")}`,
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
