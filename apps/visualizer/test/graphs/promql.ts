import assert from "node:assert/strict";
import { test } from "node:test";
import { is, isOneOf, lookbackOf } from "../../server/graphs/promql.ts";

test("a value cannot leave its quotes", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["web", 'service="web"'],
    ['a"} or up{x="', String.raw`service="a\"} or up{x=\""`],
    ["a\\", String.raw`service="a\\"`],
    ["a\nb", String.raw`service="a\nb"`],
    ["`${1}`'", 'service="`${1}`\'"'],
  ];
  for (const [name, condition] of cases) assert.equal(is("service", name), condition);
});

test("one of several values is matched as it is, and none matches nothing", () => {
  assert.equal(isOneOf("id", ["a", "b"]), 'id=~"a|b"');
  assert.equal(isOneOf("id", [".*", 'x"|y']), String.raw`id=~"\\.\\*|x\"\\|y"`);
  assert.equal(isOneOf("id", []), 'id=~"$^."');
});

test("short steps look at least two scrapes back, long ones at all between two steps", () => {
  const [hour, day, month] = [lookbackOf(15), lookbackOf(360), lookbackOf(5400)];
  assert.equal(hour.rate("c{a}"), "(rate(c{a}[300s]) or rate(c{a}[600s]))");
  assert.equal(day.rate("c"), "(rate(c[360s]) or rate(c[600s]))");
  assert.equal(month.rate("c"), "rate(c[5400s])");
  assert.deepEqual(
    [hour, day, month].map(({ over }) => over("min", "g{a}")),
    ["g{a}", "min_over_time(g{a}[360s])", "min_over_time(g{a}[5400s])"],
  );
  assert.deepEqual([hour.highestOf("a - b"), day.highestOf("a - b")], ["a - b", "max_over_time((a - b)[360s:120s])"]);
});
