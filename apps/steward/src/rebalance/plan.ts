import { isRunning, type Service, type Snapshot, updateUnderWay } from "../shared/model.ts";
import { skewOf, withFewer, withOneMore } from "./balance.ts";
import { unknownConstraint } from "./constraint.ts";
import { describe, type CandidateNode, candidatesOf } from "./candidates.ts";

/** The label by which a service is left alone: `swarm-farm.rebalance=false`. */
export const rebalanceLabel = "swarm-farm.rebalance";

/** The rules' numbers. */
export interface PlanSettings {
  /** Smallest skew that is worth a move; 2 is the least that a move can always lower. */
  readonly threshold: number;
  /** How long nodes, service and tasks must have been as they are. */
  readonly quietMs: number;
}

/** Inputs of the plan besides the snapshot. */
export interface RebalanceContext {
  /** For how long a service, its tasks and all nodes' states have been as they are. */
  readonly quietMs: (serviceId: string) => number;
  /** How much longer a service rests after moves that failed. */
  readonly restMs: (serviceId: string) => number;
}

/** A move worth making: scale from `from` to `to` and back. */
export interface PlannedMove {
  readonly serviceId: string;
  readonly service: string;
  readonly from: number;
  readonly to: number;
  readonly skew: number;
  /** The skew that Swarm's rules lead to. */
  readonly skewAfter: number;
  readonly reason: string;
}

/** Why an uneven service is left as it is. */
export type RefusalCode =
  | "opted-out"
  | "stateful"
  | "not-replicated"
  | "constraint"
  | "updating"
  | "converging"
  | "quiet"
  | "resting"
  | "stuck";

/** An uneven service that is left as it is. */
export interface Refusal {
  readonly serviceId: string;
  readonly service: string;
  readonly code: RefusalCode;
  readonly reason: string;
}

/** All moves that are worth making, the most uneven service first, and why others are not made. */
export interface Plan {
  readonly moves: readonly PlannedMove[];
  readonly refusals: readonly Refusal[];
}

/** tmpfs and image mounts are created with each task; all others hold something that would stay behind. */
const fleeting: ReadonlySet<string> = new Set(["tmpfs", "image"]);

const seconds = (ms: number): number => Math.ceil(ms / 1000);

/** Plans moves for all services; pure. */
export function planMoves(snapshot: Snapshot, settings: PlanSettings, context: RebalanceContext): Plan {
  const moves: PlannedMove[] = [];
  const refusals: Refusal[] = [];
  for (const service of snapshot.services) {
    const candidates = candidatesOf(service, snapshot);
    if (skewOf(candidates) < settings.threshold) continue;
    const who = { serviceId: service.id, service: service.name };
    const objection = objectionTo(service, snapshot, settings, context);
    const move = objection ? undefined : bestMove(service, candidates);
    if (move) moves.push({ ...who, ...move });
    else {
      const [code, why] = objection ?? (["stuck", "no move that Swarm would make improves that"] as const);
      refusals.push({
        ...who,
        code,
        reason: `service '${service.name}' is uneven (${describe(candidates)}), but ${why}`,
      });
    }
  }
  return { moves: moves.sort((a, b) => b.skew - a.skew || (a.service < b.service ? -1 : 1)), refusals };
}

function objectionTo(
  service: Service,
  snapshot: Snapshot,
  settings: PlanSettings,
  { quietMs, restMs }: RebalanceContext,
): readonly [RefusalCode, string] | undefined {
  if (service.mode !== "replicated") return ["not-replicated", `it is not replicated (${service.mode})`];
  if (service.labels[rebalanceLabel] === "false") return ["opted-out", `its label is ${rebalanceLabel}=false`];
  const mount = service.mounts.find((type) => !fleeting.has(type));
  if (mount !== undefined) return ["stateful", `it has a ${mount} mount, whose data would stay behind`];
  const constraint = unknownConstraint(service);
  if (constraint !== undefined) return ["constraint", `its constraint '${constraint}' is not one the steward knows`];
  const update = updateUnderWay(service);
  if (update !== undefined) return ["updating", `it ${update}`];
  const running = snapshot.tasks.filter((task) => task.serviceId === service.id && isRunning(task)).length;
  if (running !== service.replicas) return ["converging", `${running} of its ${service.replicas} tasks run`];
  const rest = restMs(service.id);
  if (rest > 0) return ["resting", `an earlier move failed: it rests for ${seconds(rest)} s more`];
  const missing = settings.quietMs - quietMs(service.id);
  if (missing > 0) return ["quiet", `something has just changed: ${seconds(missing)} s more must pass quietly`];
  return undefined;
}

/**
 * The fewest tasks whose move leads to the least skew that can be reached; nothing if none lowers it. Swarm does not say
 * which of equal branches or nodes it takes: the worse of taking the first and of taking the last counts.
 */
function bestMove(
  service: Service,
  candidates: readonly CandidateNode[],
): Omit<PlannedMove, "serviceId" | "service"> | undefined {
  const skew = skewOf(candidates);
  let best: { readonly by: number; readonly skewAfter: number; readonly after: readonly CandidateNode[] } | undefined;
  let first = withOneMore(candidates);
  let last = withOneMore(candidates.toReversed());
  for (let by = 1; first && last && by <= service.replicas; by++) {
    const after = withFewer(first, by);
    const skewAfter = Math.max(skewOf(after), skewOf(withFewer(last, by)));
    if (skewAfter < (best?.skewAfter ?? skew)) best = { by, skewAfter, after };
    if (skewAfter <= 1) break;
    first = withOneMore(first);
    last = withOneMore(last);
  }
  if (!best) return undefined;
  const { by, skewAfter, after } = best;
  const reason =
    `service '${service.name}' is uneven (${describe(candidates)}): ${by} more, which Swarm starts where it has fewest, ` +
    `then ${by} fewer where it has most, make that ${describe(after)}`;
  return { from: service.replicas, to: service.replicas + by, skew, skewAfter, reason };
}
