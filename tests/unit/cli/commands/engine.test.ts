import { existsSync } from "node:fs";
import { destroy } from "../../../../cli/commands/destroy";
import { pulumi } from "../../../../cli/commands/pulumi";
import { refresh } from "../../../../cli/commands/refresh";
import type { SetUp } from "../../../../cli/commands/set-up";
import { up } from "../../../../cli/commands/up";
import { argumentsOf, flagsOf } from "../../../../cli/pulumi/flags";
import { displayed } from "../../../../cli/engine/progress/display";
import { checkAll } from "../../../../stacks/config";
import { printing, FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
  farm.configure();
  farm.state("hypervisor", "system\n");
});
afterEach(() => {
  farm.remove();
});

const { config } = checkAll(
  { nodes: { manager1: { role: "manager" } }, hosts: { local: { uri: "qemu:///system" } } },
  "/",
);

/** Calls of cli/setup, in order. */
function setUp(): SetUp & { readonly requested: string[] } {
  const requested: string[] = [];
  const did = (name: string) => Promise.resolve((requested.push(name), config));
  const without = (name: string) => Promise.resolve(void requested.push(name));
  return {
    requested,
    all: () => did("all"),
    configuration: () => did("configuration"),
    decrypted: () => did("decrypted"),
    hypervisors: () => without("hypervisors"),
    capacity: () => without("capacity"),
  };
}

const outputs = JSON.stringify({ urls: {}, nodes: [{ name: "manager1", role: "manager", address: "10.0.0.1" }] });
const log = `{"summaryEvent":{"durationSeconds":2,"resourceChanges":{"create":1}}}\n{"cancelEvent":{}}`;

/** A Pulumi with an empty state, whose runs end well. */
function fakes(ending = "exit 0", freeKiB = 900): void {
  farm.write("events", `${log}\n`);
  const swarm = printing(["1", '{"Swarm":{"Cluster":null}}', node, "[]", "[]"].join("\n"));
  farm.programs({
    virsh: "exit 0",
    ssh: `case "$*" in *"df -Pk"*) echo "/dev/vda 1000 100 ${String(freeKiB)} 10% /" ;; *) ${swarm}
;; esac`,
    pulumi: `case "$1 $2" in
"stack output") [ "$3" != sshFiles ] || { echo '{}'; exit; }
${printing(outputs)}
;;
"stack export") echo '{"deployment":{"resources":[]}}' ;;
*) for arg; do [ "$previous" != --event-log ] || cp "$here/events" "$arg"; previous=$arg; done
${ending} ;;
esac`,
  });
}
const node = JSON.stringify([
  {
    ID: "n",
    Spec: { Role: "worker", Availability: "active" },
    Description: { Hostname: "manager1" },
    Status: { State: "ready" },
  },
]);

/** Runs of Pulumi that are no questions about the stack. */
const runs = () =>
  farm.calls.filter((call) => /^pulumi (?!stack)/.test(call)).map((call) => call.replace(/ --event-log \S+/, ""));

test("up prepares, previews, updates, and waits for the services", async () => {
  fakes();
  const { requested, ...parts } = setUp();
  await up(parts).run(farm.context(), { arguments: [], options: { diff: true } });
  expect(requested).toEqual(["all", "hypervisors", "capacity"]);
  expect(runs()).toEqual(["pulumi preview --diff", "pulumi up --yes --skip-preview --diff"]);
  const lines = farm.printed.split("\n");
  expect(lines[0]).toBe("swarm-farm dev · configuration Pulumi.dev.yaml");
  expect(lines[1]).toMatch(/^✓ hypervisor +the system's libvirt/);
  expect(lines[2]).toBe("  1 created in 2 s");
  expect(lines[3]).toMatch(/^✓ services +0 converged, 0 routes answer/);
  expect(lines.slice(4).join("\n")).toContain("manager1");
});

test("an up that fails exits with Pulumi's status and prints no table of URLs", async () => {
  fakes("[ $1 != up ]");
  const { requested: _, ...parts } = setUp();
  await expect(up(parts).run(farm.context(), { arguments: [], options: {} })).rejects.toMatchObject({ status: 1 });
  expect(farm.printed).not.toContain("services");
});

test.each([
  ["ends well", "exit 0"],
  ["fails", "[ $1 != up ]"],
])("an up that %s warns of a disk with less than 15 %% free", async (_, ending) => {
  fakes(ending, 40);
  const { requested: _asked, ...parts } = setUp();
  await up(parts)
    .run(farm.context(), { arguments: [], options: {} })
    .catch(() => undefined);
  expect(farm.printed).toMatch(/^warning: manager1: its disk is .*full/m);
});

test("an up does not warn of disks with enough space", async () => {
  fakes();
  const { requested: _, ...parts } = setUp();
  await up(parts).run(farm.context(), { arguments: [], options: {} });
  expect(farm.printed).not.toContain("warning");
});

test("refresh and destroy do not prompt without a terminal", async () => {
  fakes();
  await refresh(setUp()).run(farm.context(), { arguments: [], options: {} });
  expect(runs()[0]).toBe("pulumi refresh --yes --exclude **libvirt:index/cloudinitDisk:CloudinitDisk::*");
  await destroy.run(farm.context(), { arguments: [], options: {} });
  expect(runs()[1]).toBe("pulumi destroy --yes");
  expect(existsSync(farm.context().folders.state)).toBe(false);
  await expect(destroy.run(farm.context(), { arguments: [], options: {} })).rejects.toThrow(
    "there is no farm 'dev' here",
  );
});

test("on a terminal destroy is Pulumi's, with its prompt", async () => {
  fakes();
  const context = farm.context({ interactive: true });
  await destroy.run(context, { arguments: [], options: { target: ["urn::a"] } });
  expect(farm.calls).toContain("pulumi destroy --target urn::a");
});

test("./farm pulumi passes all arguments on, and checks the configuration for commands that read it", async () => {
  fakes();
  const { requested, ...parts } = setUp();
  await pulumi(parts).run(farm.context(), { arguments: ["up", "--yes"], options: {} });
  expect(requested).toEqual(["configuration", "configuration", "capacity"]);
  await pulumi(parts).run(farm.context(), { arguments: ["config", "get", "x"], options: {} });
  expect(runs()).toEqual(["pulumi up --yes", "pulumi config get x"]);
  fakes("exit 255");
  const failing = pulumi(parts).run(farm.context(), { arguments: ["preview"], options: {} });
  await expect(failing).rejects.toMatchObject({ status: 255 });
});

test("declared flags become Pulumi's arguments, and each command has the flags of its Pulumi command", () => {
  const options = {
    yes: true,
    refresh: true,
    target: ["a", "b"],
    message: "more",
    acceptDataLoss: ["x"],
    debug: undefined,
  };
  expect(argumentsOf("up", options)).toEqual([
    "--yes",
    "--refresh",
    "--target",
    "a",
    "--target",
    "b",
    "--message",
    "more",
  ]);
  expect(flagsOf("destroy").map(({ flags }) => flags)).not.toContain("-r, --refresh");
});

test("on a terminal the operations that run are one line, which each change replaces", async () => {
  const type = "libvirt:index/domain:Domain";
  const began = { resourcePreEvent: { metadata: { op: "create", urn: `urn::${type}::worker1-domain`, type } } };
  const file = farm.write("log", `${JSON.stringify(began)}\n`);
  const lines: string[] = [];
  const report = {
    isTerminal: true,
    say: (line: string) => lines.push(`say ${line}`) > 0 || undefined,
    transient: (line: string) => void lines.push(line),
    erase: () => void lines.push("erase"),
  } as unknown as Parameters<typeof displayed>[0];
  const work = () => new Promise<number>((resolve) => setTimeout(resolve, 100, 3));
  const { result } = await displayed(report, file, work, {
    reasons: () => Promise.resolve(new Map()),
    milliseconds: 10,
  });
  expect(result).toBe(3);
  expect(lines).toEqual(["  0 done; VM worker1 0 s", "erase"]);
});
