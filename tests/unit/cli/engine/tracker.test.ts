import type { EngineEvent } from "../../../../cli/engine/progress/events";
import { parseEvent } from "../../../../cli/engine/progress/events";
import { Tracker } from "../../../../cli/engine/progress/tracker";

const urnOf = (type: string, name: string) => `urn:pulumi:dev::swarm-farm::${type}::${name}`;
const domain = {
  type: "libvirt:index/domain:Domain",
  urn: urnOf("libvirt:index/domain:Domain", "worker1-domain"),
  op: "create",
};
const wait = { type: "command:local:Command", urn: urnOf("command:local:Command", "hello-converged"), op: "create" };

let now = 0;
const at = (seconds: number) => (now = seconds * 1000);
const tracker = () => new Tracker(() => now);
beforeEach(() => at(0));

const began = (what: typeof domain): EngineEvent => ({ kind: "began", ...what });
const done = (what: typeof domain): EngineEvent => ({ kind: "done", ...what });

test("a quick operation has no line, and is counted", () => {
  const follows = tracker();
  expect(follows.apply(began(domain))).toEqual([]);
  at(9);
  expect(follows.takingLong()).toEqual([]);
  expect(follows.current()).toBe("0 done; VM worker1 9 s");
  expect(follows.apply(done(domain))).toEqual([]);
  expect(follows.current()).toBe("1 done");
});

test("a long operation has a line with its reason when it becomes long, and one when it is done", () => {
  const follows = tracker();
  follows.apply(began(wait));
  at(10);
  expect([...follows.waitedFor()]).toEqual([[wait.urn, "hello"]]);
  const reasons = new Map([[wait.urn, "1 of 2 tasks run"]]);
  expect(follows.takingLong(reasons)).toEqual(["… service hello converges (1 of 2 tasks run)"]);
  expect(follows.takingLong(reasons)).toEqual([]);
  at(75);
  expect(follows.current(reasons)).toBe("0 done; service hello converges 1 min 15 s (1 of 2 tasks run)");
  expect(follows.apply(done(wait))).toEqual(["✓ service hello converges: created after 1 min 15 s"]);
});

test("a service that does not converge has a line with its reason each minute", () => {
  const follows = tracker();
  follows.apply(began(wait));
  at(10);
  expect(follows.takingLong()).toEqual(["… service hello converges"]);
  const reasons = new Map([[wait.urn, "task: non-zero exit (1)"]]);
  at(69);
  expect(follows.takingLong(reasons)).toEqual([]);
  at(70);
  expect(follows.takingLong()).toEqual([]);
  expect(follows.takingLong(reasons)).toEqual(["… service hello converges after 1 min 10 s (task: non-zero exit (1))"]);
  expect(follows.takingLong(reasons)).toEqual([]);
  at(130);
  expect(follows.takingLong(reasons)).toHaveLength(1);
});

test("a failure shows the command's output and every line of the error, once", () => {
  const follows = tracker();
  follows.apply(began(wait));
  const message = (severity: string, text: string): EngineEvent => ({ kind: "message", severity, urn: wait.urn, text });
  expect(follows.apply(message("info", "waiting\nstill"))).toEqual([]);
  expect(follows.errors).toEqual([]);
  expect(follows.apply(message("error", "error: exit status 1\nno"))).toEqual([
    "service hello converges: error: exit status 1",
    "no",
  ]);
  expect(follows.apply(message("error", "error: exit status 1\nno"))).toEqual([]);
  expect(follows.apply({ ...wait, kind: "failed" })).toEqual([
    "  │ waiting",
    "  │ still",
    "✗ service hello converges: failed after 0 s",
  ]);
  expect(follows.errors).toEqual(["error: exit status 1\nno", "error: exit status 1\nno"]);
});

test.each([
  ["warning", ["careful"]],
  ["info#err", ["careful"]],
  ["info", ["careful"]],
  ["debug", []],
])("a message of severity '%s' shows %j", (severity, lines) => {
  expect(tracker().apply({ kind: "message", severity, urn: "", text: "careful" })).toEqual(lines);
});

test("ignores components, providers and unchanged resources", () => {
  const follows = tracker();
  follows.apply(began({ ...domain, op: "same" }));
  follows.apply(began({ ...domain, type: "swarm-farm:libvirt:Vm" }));
  follows.apply(began({ ...domain, type: "pulumi:providers:docker" }));
  expect(follows.current()).toBe("0 done");
});

test("the summary has the changes, a replacement once, and the duration", () => {
  const changes = { create: 3, "create-replacement": 1, "delete-replaced": 1, replace: 1, same: 70, update: 0 };
  expect(tracker().apply({ kind: "summary", seconds: 75, changes })).toEqual([
    "3 created, 1 replaced, 70 unchanged in 1 min 15 s",
  ]);
  expect(tracker().apply({ kind: "summary", seconds: 1, changes: {} })).toEqual(["no changes in 1 s"]);
});

test.each([
  [{ resourcePreEvent: { metadata: domain } }, { kind: "began", ...domain }],
  [{ resOutputsEvent: { metadata: domain } }, { kind: "done", ...domain }],
  [{ resOpFailedEvent: { metadata: domain } }, { kind: "failed", ...domain }],
  [
    { diagnosticEvent: { prefix: "<{%fg 1%}>error: ", message: "\u001b[31mno\u001b[0m\n", severity: "error" } },
    { kind: "message", severity: "error", urn: "", text: "error: no" },
  ],
  [
    { summaryEvent: { durationSeconds: 3, resourceChanges: { same: 1 } } },
    { kind: "summary", seconds: 3, changes: { same: 1 } },
  ],
  [{ cancelEvent: {} }, undefined],
  [{ resourcePreEvent: { metadata: { another: "form" } } }, undefined],
])("reads the engine's %j", (event, expected) => {
  expect(parseEvent(JSON.stringify({ sequence: 1, timestamp: 1, ...event }))).toEqual(expected);
});

test("ignores an incomplete line", () => {
  expect(parseEvent('{"sequence":1,"resourceP')).toBeUndefined();
});
