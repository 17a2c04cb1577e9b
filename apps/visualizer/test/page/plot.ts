import "./window.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { isEmpty, isZero, lookOf, stepAt, stepsIn, summaryOf } from "../../page/plot/summary.ts";
import { stepsOf, tickText, topOf, valueText } from "../../page/plot/units.ts";
import { type Graph, seriesAtMost } from "../../shared/graphs.ts";

const graph = (...series: readonly (readonly (number | null)[])[]): Graph => ({
  from: 1_000,
  stepMs: 100,
  series: series.map((values, i) => ({ name: `s${i}`, values })),
  cut: 0,
});

test("values have their unit and as many digits as a reader needs", () => {
  const cases = [
    [0.2512, "share", "25.1 %"],
    [1, "share", "100 %"],
    [0.00042, "share", "0.042 %"],
    [0, "bytes", "0 B"],
    [512, "bytes", "512 B"],
    [1.5 * 1024 ** 3, "bytes", "1.5 GiB"],
    [1024 ** 6, "bytes", "1024 PiB"],
    [0.125, "seconds", "125 ms"],
    [2.34, "seconds", "2.34 s"],
    [12.34, "perSecond", "12.3/s"],
    [0.256, "cores", "0.26"],
    [1234.5, "number", "1235"],
  ] as const;
  for (const [value, unit, text] of cases) assert.equal(valueText(value, unit), text);
});

test("an axis begins at 0, ends above the highest value, and a large share is beside the whole", () => {
  assert.equal(topOf(0.51, "share"), 1);
  assert.equal(topOf(1.2, "share"), 1.2);
  assert.ok(Math.abs(topOf(0.1, "share") - 0.11) < 1e-9);
  assert.deepEqual([topOf(0, "number"), topOf(8, "number"), topOf(100, "perSecond")], [2, 9, 110.00000000000001]);
  for (const unit of ["share", "cores", "bytes", "perSecond", "seconds", "number"] as const)
    assert.ok(topOf(0, unit) > 0);
  assert.deepEqual(stepsOf("number")?.slice(0, 5), [1, 2, 5, 10, 20]);
  assert.deepEqual(stepsOf("bytes")?.slice(10, 12), [1024, 2048]);
  assert.equal(stepsOf("seconds"), undefined);
});

test("marks of the axis of time are times, and days where one begins", () => {
  const noon = Date.parse("2026-11-29T12:00:00Z");
  assert.equal(tickText(noon, 3_600_000), "12:00");
  assert.match(tickText(noon, 86_400_000), /29/);
  assert.match(tickText(noon + 43_200_000, 3_600_000), /30/);
});

test("a line in numbers is of a step, or of its end", () => {
  const series = { name: "web.1", values: [1, null, 5, 3] };
  assert.deepEqual(summaryOf(series, undefined), { name: "web.1", value: 3, lowest: 1, highest: 5 });
  assert.deepEqual(summaryOf(series, 1), { name: "web.1", value: undefined, lowest: 1, highest: 5 });
  assert.deepEqual(summaryOf({ name: "x", values: [null] }, undefined), {
    name: "x",
    value: undefined,
    lowest: undefined,
    highest: undefined,
  });
});

test("a moment is at the nearest step, or beside the graph", () => {
  const three = graph([1, 2, 3]);
  assert.deepEqual(
    [undefined, 949, 1_000, 1_149, 1_150, 1_249, 1_250].map((at) => stepAt(three, at)),
    [undefined, undefined, 0, 1, 2, 2, undefined],
  );
  assert.deepEqual([stepsIn(three), stepsIn(graph())], [3, 0]);
});

test("nothing, and nothing but 0, are known as such", () => {
  assert.deepEqual([graph(), graph([null, null]), graph([null, 0])].map(isEmpty), [true, true, false]);
  assert.deepEqual([graph([0, null]), graph([0], [0, 1])].map(isZero), [true, false]);
});

test("no two lines of a graph look the same", () => {
  const looks = Array.from({ length: seriesAtMost }, (_, i) => JSON.stringify(lookOf(i)));
  assert.equal(new Set(looks).size, seriesAtMost);
});
