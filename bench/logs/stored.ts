/** Lines of consecutive numbers are counted together. */
export const bucketSize = 1000;

/** The store's lines with numbers from `bucket × bucketSize` on. */
export interface Bucket {
  readonly bucket: number;
  readonly lines: number;
  /** Of the numbers. */
  readonly sum: number;
}

/** How what is stored differs from what was printed. */
export interface Difference {
  readonly lost: number;
  readonly doubled: number;
  /** The first bucket from which a line was lost, by the number that it begins with. */
  readonly firstLost: number | undefined;
}

/** Compares with lines numbered from 0. Where a bucket has as many lines as were printed, but others, one is lost and one doubled. */
export function difference(printed: number, buckets: readonly Bucket[]): Difference {
  const stored = new Map(buckets.map((each) => [each.bucket, each]));
  let [lost, doubled] = [0, 0];
  let firstLost: number | undefined;
  for (let from = 0; from < printed; from += bucketSize) {
    const expected = Math.min(bucketSize, printed - from);
    const { lines = 0, sum = 0 } = stored.get(from / bucketSize) ?? {};
    const others = lines === expected && sum !== expected * from + (expected * (expected - 1)) / 2 ? 1 : 0;
    const missing = Math.max(0, expected - lines) + others;
    if (missing > 0) firstLost ??= from;
    lost += missing;
    doubled += Math.max(0, lines - expected) + others;
  }
  return { lost, doubled, firstLost };
}

/** So many lines at a time in ms. */
export interface Count {
  readonly at: number;
  readonly lines: number;
}

/** The age in seconds of the oldest line that was printed and not taken at that time. */
export function lagSeconds(printed: readonly Count[], taken: Count): number {
  const oldest = printed.find(({ lines }) => lines > taken.lines);
  return oldest === undefined ? 0 : Math.max(0, taken.at - oldest.at) / 1000;
}
