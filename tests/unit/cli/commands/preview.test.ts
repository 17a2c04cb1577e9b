import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FarmError } from "../../../../cli/base/errors";
import { preview } from "../../../../cli/commands/preview";
import { pulumi } from "../../../../cli/commands/pulumi";
import { refresh } from "../../../../cli/commands/refresh";
import type { SetUp } from "../../../../cli/commands/set-up";
import { up } from "../../../../cli/commands/up";
import { checkAll } from "../../../../stacks/config";
import { FakeFarm } from "../../../support/fake-farm";
import { eventLog, nodeStep } from "../../../support/preview";

const { config } = checkAll(
  { nodes: { manager1: { role: "manager" } }, hosts: { local: { uri: "qemu:///system" } } },
  "/",
);

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm({ virsh: "exit 0" }).built(["manager1"], ["worker3"]);
  farm.state("hypervisor", "system\n");
});
afterEach(() => {
  farm.remove();
});

/** Set-up steps that succeed, except those given. */
function setUp(parts: Partial<SetUp> = {}): SetUp {
  return {
    all: () => Promise.resolve(config),
    configuration: () => Promise.resolve(config),
    decrypted: () => Promise.resolve(config),
    hypervisors: () => Promise.resolve(),
    capacity: () => Promise.resolve(),
    ...parts,
  };
}

/** A Pulumi whose runs leave this event log and end like this; node worker3 has one volume. */
function fakes(log: string, ending = "exit 0"): void {
  farm.write("log", log);
  farm.program(
    "pulumi",
    `case "$1" in
stack) echo '{}' ;;
*) for arg; do [ "$previous" != --event-log ] || cp "$here/log" "$arg"; previous=$arg; done
   ${ending} ;;
esac`,
  );
  const volumes = '{"Volumes":[{"Name":"shop_data","Labels":null}]}';
  const info = '{"Swarm":{"ControlAvailable":false,"Managers":0}}';
  farm.ssh(`[ $node = worker3 ] || exit 255
printf '%s\\n' '${volumes}' '${info}'`);
}

const runs = () =>
  farm.calls.filter((call) => /^pulumi (?!stack)/.test(call)).map((call) => call.replace(/ --event-log \S+/, ""));
const nothing = eventLog([]);
const lossy = eventLog([nodeStep("delete", "worker3", "disk")]);
const typed = (options = {}, ...words: readonly string[]) => ({ arguments: words, options });

describe("preview", () => {
  test("passes Pulumi's options on, and copies no image", async () => {
    fakes(nothing);
    const copying: string[] = [];
    const all: SetUp["all"] = (_, how) => Promise.resolve((copying.push(how), config));
    await preview(setUp({ all })).run(farm.context(), typed({ diff: true, target: ["urn::a"] }, "--json"));
    expect(runs()).toEqual(["pulumi preview --diff --target urn::a --json"]);
    expect(copying).toEqual(["report"]);
  });

  test("names the data that up would delete, and succeeds", async () => {
    fakes(lossy);
    await preview(setUp()).run(farm.context(), typed());
    expect(farm.printed).toMatch(/the disk of node 'worker3' would be deleted, and with it:\n +volume 'shop_data'/);
    expect(farm.printed).toContain(
      "to keep the data: ./farm backup; to delete the disk: ./farm up --accept-data-loss worker3",
    );
  });

  test("does not report data with an accepted loss", async () => {
    fakes(lossy);
    await preview(setUp()).run(farm.context(), typed({ acceptDataLoss: ["worker3"] }));
    expect(farm.printed).not.toContain("shop_data");
  });

  test.each([1, 255])("exits with Pulumi's status %d", async (status) => {
    fakes(nothing, `exit ${String(status)}`);
    await expect(preview(setUp()).run(farm.context(), typed())).rejects.toMatchObject({ status });
  });

  test.each([
    ["is empty", ""],
    ["is cut off", nothing.slice(0, 40)],
    ["ends in the middle of an event", `${nothing}{"resou`],
  ])("fails if its event log %s, which could hide a loss of data", async (_name, log) => {
    fakes(log);
    await expect(preview(setUp()).run(farm.context(), typed())).rejects.toThrow(
      /^the preview's event log \(.*\) is not complete: free space in \/dev\/shm; nothing was changed$/,
    );
  });

  test("writes the page with --markdown, also if the preview fails, and exits with its status", async () => {
    const file = join(farm.home, "page.md");
    fakes(nothing);
    await preview(setUp()).run(farm.context(), typed({ markdown: file }));
    expect(readFileSync(file, "utf8")).toContain("dev");
    fakes(nothing, "echo 'error: no such provider' >&2; exit 255");
    await expect(preview(setUp()).run(farm.context(), typed({ markdown: file }))).rejects.toMatchObject({
      status: 255,
    });
    expect(readFileSync(file, "utf8")).toContain("error: no such provider");
  });

  test("refuses an unwritable path for --markdown before it starts any step", async () => {
    const all = () => Promise.reject(new Error("too late"));
    await expect(preview(setUp({ all })).run(farm.context(), typed({ markdown: "/nowhere/page.md" }))).rejects.toThrow(
      "/nowhere",
    );
    expect(existsSync("/nowhere")).toBe(false);
  });
});

describe.each([
  ["up", up],
  ["preview", preview],
] as const)("%s", (_name, command) => {
  test("refuses an unknown node in --accept-data-loss before Pulumi runs", async () => {
    fakes(nothing);
    await expect(command(setUp()).run(farm.context(), typed({ acceptDataLoss: ["worker9"] }))).rejects.toThrow(
      "--accept-data-loss 'worker9': there is no such node; there are: manager1, worker3",
    );
    expect(runs()).toEqual([]);
  });

  test.each(["all", "hypervisors"] as const)("does not run Pulumi after its step '%s' fails", async (part) => {
    fakes(nothing);
    const failing = { [part]: () => Promise.reject(new FarmError("the disk of this machine is full")) };
    await expect(command(setUp(failing)).run(farm.context(), typed())).rejects.toThrow(
      "the disk of this machine is full",
    );
    expect(runs()).toEqual([]);
  });
});

describe("up", () => {
  test("refuses to delete data with an exit status of its own, and changes nothing", async () => {
    fakes(lossy);
    await expect(up(setUp()).run(farm.context(), typed())).rejects.toMatchObject({ status: 77 });
    expect(runs().filter((call) => call.startsWith("pulumi up"))).toEqual([]);
  });

  test("changes nothing if the images do not fit into a pool", async () => {
    fakes(nothing);
    const capacity = () => Promise.reject(new FarmError("pool 'default' has 2 GiB, and the images need 9"));
    await expect(up(setUp({ capacity })).run(farm.context(), typed())).rejects.toThrow("pool 'default' has 2 GiB");
    expect(runs().filter((call) => call.startsWith("pulumi up"))).toEqual([]);
  });
});

describe("refresh and plain Pulumi", () => {
  test.each([1, 255])("exit with Pulumi's status %d", async (status) => {
    fakes(nothing, `exit ${String(status)}`);
    const attempts = [
      () => refresh(setUp()).run(farm.context(), typed()),
      () => pulumi(setUp()).run(farm.context(), typed({}, "stack-history")),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ status });
  });

  test("refresh on a terminal leaves the prompt to Pulumi", async () => {
    fakes(nothing);
    await refresh(setUp()).run(farm.context({ interactive: true }), typed());
    await refresh(setUp()).run(farm.context({ interactive: true }), typed({ yes: true }));
    expect(runs().map((call) => call.includes("--yes"))).toEqual([false, true]);
  });

  test("refresh decrypts a configuration only if it must read it", async () => {
    fakes(nothing);
    const requested: string[] = [];
    const parts = {
      configuration: () => Promise.resolve((requested.push("configuration"), undefined)),
      decrypted: () => Promise.resolve((requested.push("decrypted"), config)),
    };
    await refresh(setUp(parts)).run(farm.context(), typed());
    expect(requested).toEqual(["configuration", "decrypted"]);
  });

  test("an invalid configuration fails preview and refresh, and destroy still works", async () => {
    fakes(nothing);
    const parts = setUp({ configuration: () => Promise.reject(new FarmError("the configuration has 1 problem")) });
    for (const command of ["preview", "refresh", "up"])
      await expect(pulumi(parts).run(farm.context(), typed({}, command))).rejects.toThrow("has 1 problem");
    await pulumi(parts).run(farm.context(), typed({}, "destroy", "--yes"));
    expect(runs()).toEqual(["pulumi destroy --yes"]);
  });
});
