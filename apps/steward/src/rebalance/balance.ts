import type { CandidateNode } from "./candidates.ts";

const range = (values: readonly number[]): number =>
  values.length > 0 ? Math.max(...values) - Math.min(...values) : 0;

const sum = (candidates: readonly CandidateNode[]): number => candidates.reduce((total, { count }) => total + count, 0);

/**
 * The most by which a service's tasks differ between eligible nodes. With placement preferences, Swarm spreads over
 * their values first and over the nodes of each value last: then it is the largest difference at any of these levels.
 */
export function skewOf(candidates: readonly CandidateNode[], level = 0): number {
  const eligible = candidates.filter((candidate) => candidate.eligible);
  if (!eligible.some(({ branch }) => branch.length > level)) return range(eligible.map(({ count }) => count));
  const values = new Set(eligible.map(({ branch }) => branch[level]));
  const branches = [...values].map((value) => eligible.filter(({ branch }) => branch[level] === value));
  return Math.max(range(branches.map(sum)), ...branches.map((branch) => skewOf(branch, level + 1)));
}

/** How many tasks each level of a candidate's branch has, over all nodes: what Swarm compares before it compares nodes. */
const loads = (candidates: readonly CandidateNode[], { branch }: CandidateNode): number[] =>
  branch.map((_, level) =>
    sum(candidates.filter((other) => branch.slice(0, level + 1).every((value, i) => other.branch[i] === value))),
  );

const compare = (a: readonly number[], b: readonly number[]): number => {
  const at = a.findIndex((value, i) => value !== b[i]);
  return (a[at] ?? 0) - (b[at] ?? 0);
};

/** The candidate with the least rank, the first of several. */
function least(
  candidates: readonly CandidateNode[],
  rank: (candidate: CandidateNode) => readonly number[],
): CandidateNode | undefined {
  let best: { candidate: CandidateNode; rank: readonly number[] } | undefined;
  for (const candidate of candidates) {
    const its = rank(candidate);
    if (!best || compare(its, best.rank) < 0) best = { candidate, rank: its };
  }
  return best?.candidate;
}

const changed = (candidates: readonly CandidateNode[], one: CandidateNode, by: 1 | -1): CandidateNode[] =>
  candidates.map((candidate) =>
    candidate === one
      ? { ...candidate, count: candidate.count + by, total: candidate.total + by, room: candidate.room - by }
      : candidate,
  );

/**
 * Where Swarm starts one more task: in the emptiest branch of each placement preference in turn, then on the node with
 * fewest tasks of this service, then fewest of all; of equal ones, here, the first. `undefined`: nowhere.
 */
export function withOneMore(candidates: readonly CandidateNode[]): CandidateNode[] | undefined {
  let open = candidates.filter(({ room }) => room > 0);
  const levels = Math.max(0, ...open.map(({ branch }) => branch.length));
  for (let level = 0; level < levels; level++) {
    const emptiest = least(open, (candidate) => [loads(candidates, candidate)[level] ?? 0]);
    open = open.filter(({ branch }) => branch[level] === emptiest?.branch[level]);
  }
  const chosen = least(open, ({ count, total }) => [count, total]);
  return chosen && changed(candidates, chosen, 1);
}

/**
 * Which tasks Swarm removes when a service is scaled down: from the nodes that have most of them, without regard to
 * placement preferences. Swarm does not say which of two equal nodes it takes; the worst one is assumed: one that does
 * not count, as a paused one, else one whose branch has the fewest tasks.
 */
export function withFewer(candidates: readonly CandidateNode[], by: number): readonly CandidateNode[] {
  let now = candidates;
  for (let i = 0; i < by; i++) {
    const most = Math.max(...now.map(({ count }) => count));
    const chosen = least(
      now.filter(({ count }) => count === most),
      (candidate) => [Number(candidate.eligible), ...loads(now, candidate)],
    );
    if (chosen) now = changed(now, chosen, -1);
  }
  return now;
}
