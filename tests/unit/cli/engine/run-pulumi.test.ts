import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withPrivateFolder } from "../../../../cli/base/private-folder";
import { follow } from "../../../../cli/engine/progress/follow";
import { runPlain, runShown } from "../../../../cli/engine/run-pulumi";
import { FakeFarm } from "../../../support/fake-farm";
import { processNamed } from "../../../support/process-named";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
});
afterEach(() => {
  farm.remove();
});

/** A Pulumi that writes these events to its log. */
function pulumi(events: readonly object[], ending = "exit 0"): void {
  farm.write("events", events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  farm.programs({
    pulumi: `echo printed; for arg; do [ "$previous" != --event-log ] || cp "$here/events" "$arg"; previous=$arg; done\n[ "$PULUMI_DEBUG_COMMANDS" = true ] || exit 9\n${ending}`,
  });
}

const error = { diagnosticEvent: { severity: "error", prefix: "error: ", message: "it failed\n" } };

test("an update prints its errors and its summary, and keeps Pulumi's output", async () => {
  pulumi([error, { summaryEvent: { durationSeconds: 2, resourceChanges: { create: 1 } } }], "exit 3");
  expect(await runShown(farm.context(), "up", "--yes")).toBe(3);
  expect(farm.printed).toBe("  error: it failed\n  1 created in 2 s\n");
  expect(readFileSync(join(farm.context().folders.logs, "pulumi-up.log"), "utf8")).toBe("printed\n");
  expect(farm.calls[0]).toMatch(/^pulumi up --yes --event-log \/dev\/shm\/swarm-farm-.*\/events$/);
  expect(existsSync(farm.calls[0]?.split(" ").at(-1) ?? "")).toBe(false);
});

const late = "1 error occurred:\n\t* error on wait for container with ID 'c1': context deadline exceeded\n\n";
const unread =
  "error while retrieving remote ISO: error initializing ISO reader: corrupted-image: EOF: [ERROR] : error while retrieving remote ISO: EOF";
const cancelled = `running "exec ssh …" locally: exit status 1; stderr ended with:
  task lamp-php.1 on worker1: "starting container failed: context canceled"
  service lamp-php: the update failed and was rolled back; fix it and run up again (rollback completed)`;
const unpulled = `running "exec ssh …" locally: exit status 1; stderr ended with:
  task monitoring-swarm.1 on manager1: "No such image: registry.internal:5000/swarm-farm/exporter@sha256:0a41"
  service monitoring-swarm: the update failed and was rolled back; fix it and run up again (rollback completed)`;
const unstarted = `running "SETTINGS=… …" on root@10.77.0.11:22: exit status 1; stderr ended with:
  Failed to start swarm-farm-cleanup.timer: Connection timed out
  See system logs and 'systemctl status swarm-farm-cleanup.timer' for details.`;
const unanswered =
  "1 error occurred:\n\t* Error response from daemon: rpc error: code = DeadlineExceeded desc = context deadline exceeded\n\n";
const diagnostic = (message: string) => ({ diagnosticEvent: { severity: "error", prefix: "error: ", message } });

test.each([
  ["only tasks stopped late: the service is gone, and the run can be repeated", [late, late, "update failed"], 76],
  ["only a seed disk could not be read back", [unread, "update failed"], 79],
  ["only the start of a task was cancelled", [cancelled, "update failed"], 80],
  ["only a manager did not answer in time", [unanswered, "update failed"], 81],
  ["only a node's pull was not answered in time", [unpulled, unpulled, "update failed"], 82],
  ["only a node's systemd did not answer in time", [unstarted, "update failed"], 83],
  ["several of these, one of which needs a refresh", [unanswered, unpulled, cancelled, late, "update failed"], 82],
  ["several of these that need none", [unanswered, unread, "update failed"], 81],
  ["something else failed too", [late, "no space left on device", "update failed"], 255],
  ["nothing says why", ["update failed"], 255],
])("the exit status of a run: %s", async (_name, messages, status) => {
  pulumi(messages.map(diagnostic), "exit 255");
  expect(await runShown(farm.context(), "up")).toBe(status);
});

test.each([
  ["with the display of ./farm", runShown],
  ["with its own", runPlain],
])("Pulumi works in the repository, whatever folder the command is called in: %s", async (_, runs) => {
  pulumi([]);
  // Enters nothing: the call shows the folder.
  farm.program("nsenter");
  farm.state("hypervisor", "isolated\n");
  const libvirtd = await processNamed("libvirtd", farm.home);
  try {
    farm.state("libvirt/libvirtd.pid", `${String(libvirtd.pid)}\n`);
    await runs(farm.context(), "preview");
    // The fake farm's folder is its repository.
    expect(farm.calls[0]).toContain(" --wdns=~ -- pulumi preview");
  } finally {
    libvirtd.kill();
  }
});

test("an error before the engine starts is printed as Pulumi printed it", async () => {
  pulumi([], "echo 'error: unknown flag: --nonsense' >&2; exit 1");
  expect(await runShown(farm.context(), "up", "--nonsense")).toBe(1);
  expect(farm.printed).toBe("  printed\n  error: unknown flag: --nonsense\n");
});

test("writes the event log to the file in --event-log", async () => {
  pulumi([error]);
  const file = join(farm.home, "mine");
  await runShown(farm.context(), "refresh", "--event-log", file);
  expect(readFileSync(file, "utf8")).toContain("it failed");
  expect(farm.calls).toEqual(["pulumi refresh --event-log ~/mine"]);
});

test("plain Pulumi keeps its own flags and status", async () => {
  farm.programs({ pulumi: '[ -z "$PULUMI_DEBUG_COMMANDS" ] && [ -n "$FARM_RUN" ] && exit 4' });
  expect(await runPlain(farm.context(), "stack", "output")).toBe(4);
  expect(farm.calls).toEqual(["pulumi stack output"]);
});

test("refuses a machine without space for the event log", async () => {
  await expect(withPrivateFolder(() => Promise.resolve(1), "/nowhere")).rejects.toThrow("there is no room in /nowhere");
});

test("follows a file by whole lines", () => {
  const file = join(farm.home, "log");
  const read = follow(file);
  expect(read()).toEqual([]);
  writeFileSync(file, "one\ntwo");
  expect(read()).toEqual(["one"]);
  appendFileSync(file, " ü\n\nthree\n");
  expect(read()).toEqual(["two ü", "three"]);
});
