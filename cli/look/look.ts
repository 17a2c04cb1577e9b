import type { FarmConfig } from "../../infra/config/schema";
import { planFarm, type NodePlan } from "../../infra/net/plan";
import { FarmError } from "../base/errors";
import type { Context } from "../context/context";
import { knownOf } from "../doctor/state";
import { domainStates } from "../hypervisor/domains";
import { resourcesOf } from "../pulumi/answer";
import type { Resource } from "../pulumi/state";
import type { SwarmFacts } from "../convergence/swarm";
import { activate } from "./activate";
import type { Early } from "./early";
import { waitForNodes, type Waits } from "./lost";
import { start } from "./start";
import { vmFindings, type VmFindings } from "./missing";
import { renewals } from "./renewals";

type Farm = Pick<Context, "stack" | "repository" | "folders" | "environment" | "signal">;

/** The result of the check before Pulumi, which compares with its state alone. */
export interface Found {
  /** The note of the step's line. */
  readonly note: string;
  /** Losses that Pulumi sees only with a refresh, a line each. */
  readonly missing: readonly string[];
  /** URNs of certificates that expire within 30 days. */
  readonly renewals: readonly string[];
  /** The swarm as it was found; absent if VMs were started or a hypervisor is away, if it did not answer, or is not there yet. */
  readonly swarm?: SwarmFacts | undefined;
  /** When a manager was asked at the earliest, in milliseconds since 1970. */
  readonly at: number;
  /** The state's resources. */
  readonly state: readonly Resource[];
}

/**
 * Starts VMs that are off, waits until their nodes are ready, and finds other losses. If nothing is missing, it asks every libvirt
 * and one manager once.
 *
 * @param early a question to a manager that was put already, if one was
 * @param now called with the present action
 * @throws FarmError if the managers' certificates have expired, which only `./farm recover` repairs, or if no manager's VM starts
 */
export async function look(
  farm: Farm,
  config: FarmConfig,
  waits: Waits,
  early: Early | undefined,
  now: (text: string) => void,
): Promise<Found> {
  const plan = planFarm(config, farm.stack);
  const began = Date.now();
  const [state, ...hosts] = await Promise.all([
    resourcesOf(farm),
    ...Object.entries(plan.hosts).map(async ([name, { uri }]) => [name, await domainStates(farm, uri)] as const),
  ]);
  const known = knownOf(state);
  const { off, away, alive, missing } = vmFindings(plan, known, new Map(hosts));
  const { started, dead, problems } = await startAll(farm, off, now);
  const nodes = alive.filter(({ name }) => !dead.has(name));
  const manages = ({ role }: NodePlan) => role === "manager";
  // Without a manager Pulumi can neither refresh nor change anything.
  if (alive.some(manages) && !nodes.some(manages))
    throw new FarmError(
      `no manager's VM starts; mend what libvirt says of each, then ./farm up again:\n${problems.join("\n")}`,
    );
  // An answer from before may tell of nodes that were lost since, and of tasks from before a start.
  const isCalm = started.length === 0 && away.length === 0;
  const lost = await waitForNodes(
    farm,
    nodes,
    known,
    { ...waits, started, early: isCalm ? early?.answer : undefined },
    now,
  );
  const all = [...missing, ...problems, ...lost.lines];
  const notes = [...away, ...(started.length > 0 ? [`started ${started.join(", ")}`] : []), ...all];
  return {
    note: notes.length > 0 ? notes.join("\n") : `${plan.nodes.length} run, their nodes are ready`,
    missing: all,
    renewals: renewals(known, Date.now()),
    swarm: isCalm ? lost.swarm : undefined,
    at: early?.at ?? began,
    state,
  };
}

async function startAll(farm: Farm, off: VmFindings["off"], now: (text: string) => void) {
  const started: string[] = [];
  const problems: string[] = [];
  const dead = new Set<string>();
  for (const uri of new Set(off.map((each) => each.uri))) problems.push(...(await activate(farm, uri, now)));
  for (const { uri, domain, node, state } of off) {
    now(`starting ${domain}, which is '${state}'`);
    const problem = await start(farm, uri, domain, state);
    if (problem === undefined) started.push(node);
    else {
      problems.push(`${node}: its VM does not start: ${problem}`);
      dead.add(node);
    }
  }
  return { started, dead, problems };
}

/** The swarm of a look, unless nodes may have been lost since: Swarm itself notices none within a heartbeat. */
export function swarmOf({ swarm, at }: Pick<Found, "swarm" | "at">, now = Date.now()): SwarmFacts | undefined {
  return swarm && now - at < swarm.heartbeatSeconds * 1000 ? swarm : undefined;
}
