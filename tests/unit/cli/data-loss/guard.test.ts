import { previewGuarded, updateGuarded } from "../../../../cli/engine/guarded";
import { acceptedNodes } from "../../../../cli/commands/set-up";
import { eventLog, nodeStep } from "../../../support/preview";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
  farm.state("ssh/worker3.host", "");
});
afterEach(() => {
  farm.remove();
});

/** Pulumi's command lines for `./farm up ARGS`, where a preview writes this log. */
async function guarded(args: string, log: string, { accepted = [] as string[], confirm = true, isSame = true } = {}) {
  farm.write("log", log);
  farm.programs({
    pulumi: `for arg; do [ "$previous" != --event-log ] || cp "$here/log" "$arg"; previous=$arg; done`,
    ssh: "echo 'Connection timed out' >&2; exit 255",
  });
  const guard = { accepted, confirm: () => Promise.resolve(confirm) };
  const run = { command: "up", args: args.split(" ").filter(Boolean), display: "pulumi" } as const;
  const status = await updateGuarded(farm.context(), run, guard, isSame).then((outcome) => outcome.status, String);
  const ran = farm.calls
    .filter((call) => call.startsWith("pulumi"))
    .map((call) => call.replace(/ --event-log \S+/, ""));
  return { status, ran };
}

/** A preview that finds no change. */
const unchanged = `{"summaryEvent":{"resourceChanges":{"same":3}}}\n${eventLog([])}`;

const plan = (op: string) => eventLog([nodeStep(op, "worker3", "disk")]);
const both = ["pulumi preview", "pulumi up --yes --skip-preview"];

test("up refuses to delete a disk whose data it cannot see", async () => {
  expect(await guarded("--yes", plan("replace"))).toEqual({ status: 77, ran: ["pulumi preview"] });
  expect(farm.printed).toMatch(/'worker3'.*\n.*cannot be seen: Connection timed out\n.*--accept-data-loss worker3$/m);
});

test("up continues without asking a node if the loss is accepted", async () => {
  expect(await guarded("--yes", plan("replace"), { accepted: ["worker3"] })).toEqual({ status: 0, ran: both });
  expect(farm.calls.some((call) => call.startsWith("ssh"))).toBe(false);
});

test("up does not ask if no disk is deleted", async () => {
  expect(await guarded("-y", plan("update"))).toEqual({ status: 0, ran: both });
  expect(farm.printed).toBe("");
});

test("up runs no update and asks nothing if state and program are the last update's, and a preview finds no change", async () => {
  expect(await guarded("", unchanged, { confirm: false })).toEqual({ status: 0, ran: both.slice(0, 1) });
  expect(farm.printed).toBe("nothing to update\n");
});

test.each([
  ["the program is another", unchanged, false],
  ["the preview finds a change", plan("update"), true],
])("up updates if %s", async (_, log, isSame) => {
  expect((await guarded("--yes", log, { isSame })).ran).toEqual(both);
});

test("up asks for confirmation, and changes nothing without a yes", async () => {
  expect(await guarded("", plan("update"), { confirm: false })).toEqual({
    status: "FarmError: nothing was changed",
    ran: both.slice(0, 1),
  });
});

test("finds a disk in a log that is larger than a pipe", async () => {
  const many = Array.from({ length: 4000 }, () => nodeStep("delete", "worker3", "disk"));
  expect((await guarded("--yes", eventLog(many))).status).toBe(77);
});

test.each([
  ["is not there", ""],
  ["ends early, as on a full file system", plan("delete").replace(/.*cancelEvent.*\n/, "")],
  ["cannot be read", `{"op":"delete","type":"libvirt:index/volume:Volume"\n{"cancelEvent":{}}\n`],
])("up refuses if the log %s", async (_, log) => {
  const { status, ran } = await guarded("--yes", log);
  expect(status).toMatch(/^FarmError: the preview's event log .+: .+ nothing was changed$/);
  expect(ran).toEqual(["pulumi preview"]);
});

test("a preview that fails exits with Pulumi's status", async () => {
  farm.programs({ pulumi: "exit 5" });
  expect(await previewGuarded(farm.context(), [], { accepted: [] })).toBe(5);
});

test("an unknown node is refused with a list of the nodes", () => {
  expect(acceptedNodes(farm.context(), { acceptDataLoss: ["worker3"] })).toEqual(["worker3"]);
  expect(acceptedNodes(farm.context(), {})).toEqual([]);
  expect(() => acceptedNodes(farm.context(), { acceptDataLoss: "worker9" })).toThrow(
    "'worker9': there is no such node; there are: worker3",
  );
});
