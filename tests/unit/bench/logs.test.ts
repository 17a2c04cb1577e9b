import fc from "fast-check";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DockerLog, rotationOf } from "../../../bench/logs/docker-log";
import { long, short } from "../../../bench/logs/lines";
import type { Figure } from "../../../bench/logs/measure";
import { bucketSize, difference, lagSeconds, type Bucket } from "../../../bench/logs/stored";
import { isBorne, tables } from "../../../bench/logs/table";

const folder = mkdtempSync(join(tmpdir(), "bench-logs-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The store's buckets of these numbers. */
function bucketsOf(numbers: readonly number[]): Bucket[] {
  const buckets = new Map<number, Bucket>();
  for (const number of numbers) {
    const bucket = Math.floor(number / bucketSize);
    const { lines, sum } = buckets.get(bucket) ?? { lines: 0, sum: 0 };
    buckets.set(bucket, { bucket, lines: lines + 1, sum: sum + number });
  }
  return [...buckets.values()];
}
const numbersBelow = (count: number) => Array.from({ length: count }, (_, number) => number);

test("the farm's files are rotated at 10 MB, and three are kept; other units are refused", () => {
  expect(rotationOf()).toEqual({ bytes: 10e6, files: 3 });
  expect(() => rotationOf({ "max-size": "1g" })).toThrow('max-size "1g" is not in millions of bytes: give it as "10m"');
});

test("files of a container are as Docker's: a full one is renamed, the oldest goes, and lines are whole", () => {
  const log = new DockerLog(folder, "hello.1.x7k", { bytes: 1000, files: 3 });
  for (const from of [0, 10, 20, 30]) log.print(numbersBelow(10).map((number) => short.message(from + number)));
  log.close();
  const [id = ""] = readdirSync(folder);
  const container = join(folder, id);
  expect(id).toHaveLength(64);
  expect(readdirSync(container).sort()).toEqual(["", ".1", ".2"].map((end) => `${id}-json.log${end}`));
  const kept = [".2", ".1", ""].flatMap((end) =>
    readFileSync(join(container, `${id}-json.log${end}`), "utf8")
      .split("\n")
      .filter(Boolean),
  );
  const entries = kept.map((line) => JSON.parse(line) as { log: string; stream: string; attrs: object; time: string });
  const numbers = entries.map(({ log: text }) => Number(/^seq=(\d+) /.exec(text)?.[1]));
  expect(numbers).toEqual(numbersBelow(40).slice(-numbers.length));
  expect(entries.at(-1)).toEqual({
    log: `${short.message(39)}\n`,
    stream: "stdout",
    attrs: { tag: "hello.1.x7k" },
    time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{9}Z$/) as string,
  });
});

test("lines are about 120 bytes and 1 kB, in ASCII, each with its number", () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), (number) => {
      for (const [lines, least, most] of [
        [short, 120, 135],
        [long, 980, 1030],
      ] as const) {
        const message = lines.message(number);
        expect(message).toMatch(new RegExp(`^seq=${String(number)} [ -~]+$`));
        expect(message.length).toBeGreaterThanOrEqual(least);
        expect(message.length).toBeLessThanOrEqual(most);
      }
    }),
  );
});

test("lost and doubled lines are counted, and where the first was lost", () => {
  const all = numbersBelow(2500);
  const differenceOf = (numbers: readonly number[]) => difference(2500, bucketsOf(numbers));
  expect(differenceOf(all)).toEqual({ lost: 0, doubled: 0, firstLost: undefined });
  expect(differenceOf([])).toEqual({ lost: 2500, doubled: 0, firstLost: 0 });
  expect(differenceOf(all.filter((number) => number < 1200 || number > 1300))).toMatchObject({
    lost: 101,
    firstLost: 1000,
  });
  expect(differenceOf([...all, 2499])).toEqual({ lost: 0, doubled: 1, firstLost: undefined });
  expect(differenceOf(all.map((number) => (number === 7 ? 8 : number)))).toEqual({ lost: 1, doubled: 1, firstLost: 0 });
});

test("any lines that are lost, and any that are doubled in other buckets, are found", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(999)), fc.uniqueArray(fc.integer({ min: 1000, max: 1999 })), (lost, doubled) => {
      const stored = [...numbersBelow(2000).filter((number) => !lost.includes(number)), ...doubled];
      expect(difference(2000, bucketsOf(stored))).toMatchObject({ lost: lost.length, doubled: doubled.length });
    }),
  );
});

test("the lag is the age of the oldest line that the store has not taken", () => {
  const printed = [10, 20, 30].map((lines) => ({ at: lines * 100, lines }));
  expect(lagSeconds(printed, { at: 4000, lines: 0 })).toBe(3);
  expect(lagSeconds(printed, { at: 4000, lines: 19 })).toBe(2);
  expect(lagSeconds(printed, { at: 4000, lines: 20 })).toBe(1);
  expect(lagSeconds(printed, { at: 4000, lines: 30 })).toBe(0);
});

const figure: Figure = {
  lost: 0,
  doubled: 0,
  firstLost: undefined,
  printed: 20_000,
  rate: 1000,
  takenRate: 900,
  longestLag: 1.5,
  foundAfter: 2,
  caughtUpAfter: 7.25,
  senderCpu: 2,
  storeCpu: 4,
  senderMemory: 10,
  storeMemory: 50,
  diskBytesPerLine: 26,
};

test.each([
  [{}, true],
  [{ lost: 1 }, false],
  [{ doubled: 1 }, false],
  [{ longestLag: 10 }, false],
  [{ foundAfter: 11 }, false],
  [{ rate: 900 }, false],
])("a rate of 1,000 with %j is borne: %s", (differs, expected) => {
  expect(isBorne({ ...figure, ...differs }, 1000)).toBe(expected);
});

test("medians of the runs are shown, with the runs in which a rate was borne, and the lines lost of each burst", () => {
  const load = (highest: Figure | undefined) => ({
    lines: "120 B",
    tooMuch: { ...figure, rate: 50_000, lost: 5000 },
    highest,
    load: 3,
  });
  const others = (lost: number) => [{ away: figure }, { bursts: new Map([[4000, { printed: 48_000, lost }]]) }];
  const text = tables([load(figure), ...others(0), load({ ...figure, rate: 3000 }), ...others(500), load(undefined)]);
  const rows = text.split("\n").filter((line) => /^\| [\d]/.test(line));
  expect(rows).toEqual([
    "| 120 B | 2,000 (2 of 3) | 1.5 | 2.0, 125,000 | 4.0, 125,000 | 10 | 50 | 26 | 50,000, 900 | 25 | 3.0 |",
    "| 1,000 | 7.3 | 0 | 0 | 10 |",
    "| 4,000 | 0; 500 |",
  ]);
});
