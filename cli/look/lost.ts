import { setTimeout as sleep } from "node:timers/promises";
import type { NodePlan } from "../../infra/net/plan";
import type { Context } from "../context/context";
import { CertificatesExpired, unlessExpired } from "../doctor/certificates";
import type { Known } from "../doctor/state";
import { FarmError } from "../base/errors";
import { askSwarm, type SwarmFacts } from "../convergence/swarm";
import { lostNodes, lostServices, type LostNode } from "./missing";

/** Timeouts of `look`, in seconds. */
export interface Waits {
  /** From the start of a VM until its node is ready. */
  readonly startSeconds: number;
  /** For other nodes that are not ready, since the last change. */
  readonly quietSeconds: number;
}

interface Beginning {
  readonly started: readonly string[];
  readonly early?: Promise<SwarmFacts> | undefined;
}

type Farm = Pick<Context, "stack" | "folders" | "signal">;

/** Poll interval. */
const pauseMilliseconds = 2000;

/** Nodes and services that the swarm lost. */
interface Lost {
  readonly nodes: readonly LostNode[];
  readonly services: readonly string[];
  readonly swarm?: SwarmFacts;
}

/** Losses, a line each, and the swarm's last answer. */
export interface Answer {
  readonly lines: readonly string[];
  /** Absent if the swarm did not answer, or is not there yet. */
  readonly swarm?: SwarmFacts | undefined;
}

/**
 * Asks a manager until every node is ready or a timeout is over; once if all are ready.
 *
 * @param nodes nodes whose VM runs
 * @param waits `started`: nodes whose VM was just started; `early`: a question to a manager that is asked already
 * @throws FarmError if the managers' certificates have expired
 */
export async function waitForNodes(
  farm: Farm,
  nodes: readonly NodePlan[],
  known: Known,
  { started, startSeconds, quietSeconds, early }: Waits & Beginning,
  now: (text: string) => void,
): Promise<Answer> {
  // A swarm that is not initialized yet does not answer.
  if (!nodes.some(({ name }) => known.urns.has(`${name}-join`))) return { lines: [] };
  const began = Date.now();
  for (let [changed, before, answer] = [began, "", early]; ; answer = undefined) {
    const lost = await ask(farm, nodes, known, answer);
    const { swarm } = lost;
    if (lost.nodes.length === 0) return { lines: lost.services, swarm };
    const what = [...new Set(lost.nodes.map((each) => each.what))];
    const text = what.join("; ");
    if (text !== before) {
      now(text);
      changed = Date.now();
    }
    before = text;
    const isStarting = lost.nodes.some(({ name }) => started.includes(name));
    const [since, seconds] = isStarting ? [began, startSeconds] : [changed, quietSeconds];
    if (Date.now() - since >= seconds * 1000) return { lines: [...what, ...lost.services], swarm };
    await sleep(pauseMilliseconds, undefined, { signal: farm.signal });
  }
}

/** If the swarm does not answer, every node is lost. */
async function ask(farm: Farm, nodes: readonly NodePlan[], known: Known, early: Beginning["early"]): Promise<Lost> {
  try {
    const swarm = await unlessExpired(farm, nodes, (signal) => {
      const asking = () => askSwarm(farm, signal);
      return early ? early.catch(asking) : asking();
    });
    return { nodes: lostNodes(nodes, known, swarm), services: lostServices(known, swarm), swarm };
  } catch (error) {
    if (error instanceof CertificatesExpired) throw new FarmError(error.message);
    const what = `the swarm does not answer: ${error instanceof Error ? error.message : String(error)}`;
    return { nodes: nodes.map(({ name }) => ({ name, what })), services: [] };
  }
}
