import { sum } from "../sum";

/** A value at a time. */
export interface Point {
  /** Milliseconds since any one moment. */
  readonly at: number;
  readonly value: number;
}

/** How a row behaves over the samples. */
export type Growth =
  | { readonly is: "unknown" }
  | { readonly is: "none" }
  | { readonly is: "sawtooth" }
  | { readonly is: "linear"; readonly perDay: number };

const day = 24 * 3_600_000;

/** Fewer points fit any line. */
const fewest = 3;

/**
 * A slope counts from so many of its standard errors on: rare by chance with tens of independent points. With three points
 * (one degree of freedom) noise exceeds it once in 13.
 */
const significant = 4;

/** A fall of this part of the whole range is a tooth's end. */
const toothPart = 0.4;

/** A tooth rises in more steps than it falls. */
const risesPerFall = 3;

/**
 * How a value grows. Growth is what both all points and their later half show: what fills up and stays full shows it
 * only at first. The lesser of both slopes counts. After fewer falls than teeth the longest part between two counts.
 * @param teeth how many falls make a sawtooth. Default: 2, since one may be a restart
 */
export function growthOf(points: readonly Point[], teeth = 2): Growth {
  if (points.length < fewest) return { is: "unknown" };
  const segments = betweenFalls(points);
  if (segments.length > teeth) return { is: "sawtooth" };
  const longest = segments.reduce((most, segment) => (segment.length > most.length ? segment : most));
  if (longest.length < fewest) return { is: "unknown" };
  const whole = slopeOf(longest);
  const half = longest.slice(Math.floor(longest.length / 2));
  const later = half.length >= fewest ? slopeOf(half) : whole;
  const perDay = Math.min(whole, later) * day;
  return perDay > 0 ? { is: "linear", perDay } : { is: "none" };
}

/** Days until a value that grows reaches its limit; 0 where it has. */
export function daysUntil(limit: number, value: number, perDay: number): number {
  return Math.max(0, limit - value) / perDay;
}

/** The least-squares slope per millisecond; 0 where noise alone could make it. */
function slopeOf(points: readonly Point[]): number {
  const count = points.length;
  const meanAt = sum(points.map(({ at }) => at)) / count;
  const mean = sum(points.map(({ value }) => value)) / count;
  const spread = sum(points.map(({ at }) => (at - meanAt) ** 2));
  if (spread === 0) return 0;
  const slope = sum(points.map(({ at, value }) => (at - meanAt) * (value - mean))) / spread;
  const rest = sum(points.map(({ at, value }) => (value - mean - slope * (at - meanAt)) ** 2));
  const error = Math.sqrt(rest / (count - 2) / spread);
  return slope > significant * error ? slope : 0;
}

/** The points cut at each fall that ends a tooth, as a restart or a rotation makes it; noise is left whole. */
function betweenFalls(points: readonly Point[]): readonly (readonly Point[])[] {
  const values = points.map(({ value }) => value);
  const range = values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  const steps = values.slice(1).map((value, at) => value - (values[at] ?? value));
  const rises = steps.filter((step) => step > 0).length;
  const falls = steps.filter((step) => step < 0).length;
  if (falls === 0 || rises < risesPerFall * falls) return [points];
  const starts = steps.flatMap((step, at) => (step < 0 && -step >= toothPart * range ? [at + 1] : []));
  return [0, ...starts].map((start, at) => points.slice(start, starts[at]));
}
