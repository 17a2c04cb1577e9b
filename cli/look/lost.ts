import { setTimeout as sleep } from "node:timers/promises";
import type { NodePlan } from "../../infra/net/plan";
import type { Context } from "../context/context";
import { CertificatesExpired, unlessExpired } from "../doctor/certificates";
import type { Known } from "../doctor/state";
import { FarmError } from "../base/errors";
import { askSwarm } from "../convergence/swarm";
import { lostNodes, lostServices, type LostNode } from "./missing";

/** Timeouts of `look`, in seconds. */
export interface Waits {
  /** From the start of a VM until its node is ready. */
  readonly startSeconds: number;
  /** For other nodes that are not ready, since the last change. */
  readonly quietSeconds: number;
}

type Farm = Pick<Context, "stack" | "folders" | "signal">;

/** Poll interval. */
const pauseMilliseconds = 2000;

/** Nodes and services that the swarm lost. */
interface Lost {
  readonly nodes: readonly LostNode[];
  readonly services: readonly string[];
}

/**
 * Asks a manager until every node is ready or a timeout is over; once if all are ready.
 *
 * @param nodes nodes whose VM runs
 * @param waits `started`: nodes whose VM was just started
 * @returns losses, a line each
 * @throws FarmError if the managers' certificates have expired
 */
export async function waitForNodes(
  farm: Farm,
  nodes: readonly NodePlan[],
  known: Known,
  { started, startSeconds, quietSeconds }: Waits & { readonly started: readonly string[] },
  now: (text: string) => void,
): Promise<string[]> {
  // A swarm that is not initialized yet does not answer.
  if (!nodes.some(({ name }) => known.urns.has(`${name}-join`))) return [];
  const began = Date.now();
  for (let changed = began, before = ""; ;) {
    const lost = await ask(farm, nodes, known);
    if (lost.nodes.length === 0) return [...lost.services];
    const what = [...new Set(lost.nodes.map((each) => each.what))];
    const text = what.join("; ");
    if (text !== before) {
      now(text);
      changed = Date.now();
    }
    before = text;
    const isStarting = lost.nodes.some(({ name }) => started.includes(name));
    const [since, seconds] = isStarting ? [began, startSeconds] : [changed, quietSeconds];
    if (Date.now() - since >= seconds * 1000) return [...what, ...lost.services];
    await sleep(pauseMilliseconds, undefined, { signal: farm.signal });
  }
}

/** If the swarm does not answer, every node is lost. */
async function ask(farm: Farm, nodes: readonly NodePlan[], known: Known): Promise<Lost> {
  try {
    const swarm = await unlessExpired(farm, nodes, (signal) => askSwarm(farm, signal));
    return { nodes: lostNodes(nodes, known, swarm), services: lostServices(known, swarm) };
  } catch (error) {
    if (error instanceof CertificatesExpired) throw new FarmError(error.message);
    const what = `the swarm does not answer: ${error instanceof Error ? error.message : String(error)}`;
    return { nodes: nodes.map(({ name }) => ({ name, what })), services: [] };
  }
}
