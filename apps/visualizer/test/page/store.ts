import { serveFetch } from "./stage.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { activity, addLines, mayBeMore, readOlder, setLines } from "../../page/store.ts";
import { aLine } from "../samples.ts";

const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => aLine({ id: from + i }));
const ids = () => [activity.value[0]?.id, activity.value.at(-1)?.id, activity.value.length];

test("a page that is open for days keeps the last 300 lines", () => {
  setLines(lines(1, 200));
  for (let at = 201; at <= 1_000; at += 50) addLines(lines(at, at + 49));
  assert.deepEqual(ids(), [701, 1_000, 300]);
});

test("lines that were read back stay while new ones come, up to 5,000", async (t) => {
  serveFetch(t, (path) => {
    const before = Number(/before=(\d+)/.exec(path)?.[1]);
    return lines(Math.max(1, before - 200), before - 1);
  });
  setLines(lines(9_801, 10_000));
  await readOlder();
  assert.ok(mayBeMore.value);
  addLines(lines(10_001, 10_200));
  assert.deepEqual(ids(), [9_601, 10_200, 600]);
  for (let reads = 0; reads < 30; reads++) await readOlder();
  assert.ok(!mayBeMore.peek());
  assert.deepEqual(ids(), [5_201, 10_200, 5_000]);
  addLines(lines(10_201, 10_210));
  assert.deepEqual(ids(), [5_211, 10_210, 5_000]);
});

test("at the first line there is nothing older to ask for", async (t) => {
  const requested = serveFetch(t, () => []);
  for (const known of [[], lines(1, 5)]) {
    setLines(known);
    await readOlder();
    assert.ok(!mayBeMore.value);
  }
  assert.deepEqual(requested, []);
});

test("older lines that arrive after everything was read again are dropped: they would leave a gap", async (t) => {
  serveFetch(t, () => lines(601, 800));
  setLines(lines(801, 1_000));
  const reading = readOlder();
  setLines(lines(2_001, 2_200));
  await reading;
  assert.deepEqual(ids(), [2_001, 2_200, 200]);
});
