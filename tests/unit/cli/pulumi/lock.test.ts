import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { unlockStack } from "../../../../cli/pulumi/lock";
import { FakeFarm } from "../../../support/fake-farm";

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
});
afterEach(() => {
  machine.remove();
});

/** The highest process id of Linux is below it. */
const noProcess = 4_194_305;

function lock(pid: number, host = hostname()): string {
  const path = "backend/.pulumi/locks/organization/swarm-farm/dev/a.json";
  return machine.write(
    path,
    JSON.stringify({ pid, hostname: host, username: "root", timestamp: "2026-11-27T00:00:00Z" }),
  );
}

test("removes the lock of a killed run, and says so", () => {
  const file = lock(noProcess);
  unlockStack(machine.context());
  expect(existsSync(file)).toBe(false);
  expect(machine.printed).toBe(
    `the run with process ${String(noProcess)} did not end by itself: its lock is removed\n`,
  );
});

test.each([
  ["here", process.pid, hostname()],
  ["on another machine, whose processes are unknown", noProcess, "elsewhere"],
])("keeps the lock of a run %s", (_, pid, host) => {
  const file = lock(pid, host);
  expect(() => {
    unlockStack(machine.context());
  }).toThrow(
    `stack 'dev' is locked by process ${String(pid)} on ${host}: another run is under way; wait for it, or end it`,
  );
  expect(existsSync(file)).toBe(true);
});

test("does nothing without a lock", () => {
  unlockStack(machine.context());
  unlockStack(machine.context());
  expect(machine.printed).toBe("");
  expect(existsSync(join(machine.home, "backend"))).toBe(false);
});

test.each([
  ["", /cannot be read: .*: wait until no other run is under way, then remove that file$/],
  ['{"pid":12', /cannot be read: /],
  ['{"owner":"a newer Pulumi"}', /is of a form that this version does not know: wait until no other run/],
])("reports and keeps a lock that contains %j, e.g. after a power failure", (text, message) => {
  const file = machine.write("backend/.pulumi/locks/organization/swarm-farm/dev/a.json", text);
  expect(() => {
    unlockStack(machine.context());
  }).toThrow(message);
  expect(existsSync(file)).toBe(true);
});

test("keeps locks of other stacks, and other files", () => {
  const folder = "backend/.pulumi/locks/organization/swarm-farm";
  const others = [`${folder}/lab/a.json`, `${folder}/dev/a.json.tmp`].map((path) => machine.write(path, "{"));
  unlockStack(machine.context());
  expect(others.every((file) => existsSync(file))).toBe(true);
});
