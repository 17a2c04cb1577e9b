import type { Place } from "./places.ts";

const range = (values: readonly number[]): number =>
  values.length > 0 ? Math.max(...values) - Math.min(...values) : 0;

const sum = (places: readonly Place[]): number => places.reduce((total, { count }) => total + count, 0);

/**
 * The most by which a service's tasks differ between eligible nodes. With placement preferences, Swarm spreads over
 * their values first and over the nodes of each value last: then it is the largest difference at any of these levels.
 */
export function skewOf(places: readonly Place[], level = 0): number {
  const eligible = places.filter((place) => place.eligible);
  if (!eligible.some(({ branch }) => branch.length > level)) return range(eligible.map(({ count }) => count));
  const values = new Set(eligible.map(({ branch }) => branch[level]));
  const branches = [...values].map((value) => eligible.filter(({ branch }) => branch[level] === value));
  return Math.max(range(branches.map(sum)), ...branches.map((branch) => skewOf(branch, level + 1)));
}

/** How many tasks each level of a place's branch has, over all nodes: what Swarm compares before it compares nodes. */
const loads = (places: readonly Place[], { branch }: Place): number[] =>
  branch.map((_, level) =>
    sum(places.filter((other) => branch.slice(0, level + 1).every((value, i) => other.branch[i] === value))),
  );

const compare = (a: readonly number[], b: readonly number[]): number => {
  const at = a.findIndex((value, i) => value !== b[i]);
  return (a[at] ?? 0) - (b[at] ?? 0);
};

/** The place with the least rank, the first of several. */
function least(places: readonly Place[], rank: (place: Place) => readonly number[]): Place | undefined {
  let best: { place: Place; rank: readonly number[] } | undefined;
  for (const place of places) {
    const its = rank(place);
    if (!best || compare(its, best.rank) < 0) best = { place, rank: its };
  }
  return best?.place;
}

const changed = (places: readonly Place[], one: Place, by: 1 | -1): Place[] =>
  places.map((place) =>
    place === one ? { ...place, count: place.count + by, total: place.total + by, room: place.room - by } : place,
  );

/**
 * Where Swarm starts one more task: in the emptiest branch of each placement preference in turn, then on the node with
 * fewest tasks of this service, then fewest of all; of equal ones, here, the first. `undefined`: nowhere.
 */
export function withOneMore(places: readonly Place[]): Place[] | undefined {
  let open = places.filter(({ room }) => room > 0);
  const levels = Math.max(0, ...open.map(({ branch }) => branch.length));
  for (let level = 0; level < levels; level++) {
    const emptiest = least(open, (place) => [loads(places, place)[level] ?? 0]);
    open = open.filter(({ branch }) => branch[level] === emptiest?.branch[level]);
  }
  const chosen = least(open, ({ count, total }) => [count, total]);
  return chosen && changed(places, chosen, 1);
}

/**
 * Which tasks Swarm removes when a service is scaled down: from the nodes that have most of them, without regard to
 * placement preferences. Swarm does not say which of two equal nodes it takes; the worst one is assumed: one that does
 * not count, as a paused one, else one whose branch has the fewest tasks.
 */
export function withFewer(places: readonly Place[], by: number): readonly Place[] {
  let now = places;
  for (let i = 0; i < by; i++) {
    const most = Math.max(...now.map(({ count }) => count));
    const chosen = least(
      now.filter(({ count }) => count === most),
      (place) => [Number(place.eligible), ...loads(now, place)],
    );
    if (chosen) now = changed(now, chosen, -1);
  }
  return now;
}
