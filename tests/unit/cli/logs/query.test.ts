import { entryFields, filterOf, lastOf, secondsSince } from "../../../../cli/logs/query";

test.each([
  [{}, "*"],
  [{ service: "hello" }, 'attrs.tag:="hello."*'],
  [{ service: "hello.1" }, 'attrs.tag:="hello.1."*'],
  [{ node: "worker1" }, '(node:="worker1" or _HOSTNAME:="worker1")'],
  [
    { unit: "docker" },
    '(_SYSTEMD_UNIT:="docker.service" or UNIT:="docker.service" or OBJECT_SYSTEMD_UNIT:="docker.service")',
  ],
  [{ unit: "a.timer" }, '(_SYSTEMD_UNIT:="a.timer" or UNIT:="a.timer" or OBJECT_SYSTEMD_UNIT:="a.timer")'],
  [
    { service: "web", node: "worker1", grep: '(?i)"no" \\d+' },
    'attrs.tag:="web."* (node:="worker1" or _HOSTNAME:="worker1") _msg:~"(?i)\\"no\\" \\\\d+"',
  ],
])("the filter of %j", (query, filter) => {
  expect(filterOf(query)).toBe(filter);
});

test("a value cannot end its text, nor the line that the query is", () => {
  expect(filterOf({ grep: 'x" or *\n| delete' })).toBe('_msg:~"x\\" or *\\n| delete"');
});

test("the last entries are the newest ones", () => {
  expect(lastOf("*", "3600s", 20)).toBe(
    `_time:3600s * | sort by (_time) desc limit 20 | fields ${entryFields.join(", ")}`,
  );
});

const now = new Date("2026-11-29T20:00:00Z");

test.each([
  ["90s", 90],
  ["10m", 600],
  ["2h", 7200],
  ["7d", 604_800],
  ["1w", 604_800],
  ["2026-11-29T19:59:00Z", 60],
  ["2026-11-29 21:00+02:00", 3600],
])("since %s", (text, seconds) => {
  expect(secondsSince(text, now)).toBe(seconds);
});

test("a date or time without a zone is of the local zone", () => {
  const midnight = new Date(2026, 10, 29);
  expect(secondsSince("2026-11-29", new Date(midnight.getTime() + 5000))).toBe(5);
  expect(secondsSince("2026-11-29T00:00", new Date(midnight.getTime() + 5000))).toBe(5);
});

test.each(["yesterday", "10", "5 m", "-1h", "2026-13-40", "2026", ""])("'%s' is no time", (text) => {
  expect(() => secondsSince(text, now)).toThrow(
    `--since ${text}: is no time; write 90s, 10m, 2h, 7d, 2026-11-29 or 2026-11-29T20:00`,
  );
});

test("a time to come is refused", () => {
  expect(() => secondsSince("2026-11-29T20:00:05Z", now)).toThrow("is still to come");
});
