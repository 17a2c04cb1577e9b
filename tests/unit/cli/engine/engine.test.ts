import { symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOnFarm, steps, type Run } from "../../../../cli/engine/engine";
import { FarmError } from "../../../../cli/base/errors";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
  farm.configure();
  farm.state("hypervisor", "system\n");
});
afterEach(() => {
  farm.remove();
});

/** The file is later than all that was done so far, however quick that was. */
function configure(text: string): void {
  const file = join(farm.home, "Pulumi.dev.yaml");
  writeFileSync(file, `${text}\n`);
  utimesSync(file, new Date(), new Date(Date.now() + 10_000));
}

interface Around {
  readonly statuses?: number[];
  readonly hasRoom?: boolean;
  readonly isLed?: boolean;
  readonly backend?: string;
  readonly guard?: boolean;
}

const scaled = {
  urn: "urn::hello",
  type: "docker:index/service:Service",
  inputs: { labels: [{ label: "swarm-farm.autoscale" }] },
  outputs: {},
};

/** The steps that a run takes, in order. */
async function ran(command: string, args: readonly string[] = [], around: Around = {}): Promise<string[]> {
  const { statuses = [], hasRoom = true, isLed = true, backend, guard = false } = around;
  const did: string[] = [];
  const refuse = (message: string) => {
    throw new FarmError(message);
  };
  const fakes: typeof steps = {
    ...steps,
    unlockStack: () => undefined,
    waitForLeader: () => Promise.resolve((did.push("leader"), isLed || refuse("no leader"))).then(() => undefined),
    exportState: () => {
      did.push("export");
      return Promise.resolve(JSON.stringify({ deployment: { resources: [scaled] } }));
    },
    sweepOrphans: () => Promise.resolve(void did.push("sweep")),
    sweepSwarm: () => Promise.resolve(void did.push("swarm")),
    forgetPending: () => Promise.resolve(void did.push("pending")),
    forgetRuns: () => Promise.resolve(void did.push("forget runs")),
    defineLostDomains: () => Promise.resolve(void did.push("lost")),
    runPulumi: (_, __, ...argv) =>
      Promise.resolve((did.push(argv.join(" ")), argv[0] === "refresh" ? 0 : (statuses.shift() ?? 0))),
    previewGuarded: (_, argv) => Promise.resolve((did.push(["guarded preview", ...argv].join(" ")), 0)),
    updateGuarded: (_, { command: name, args: argv }, __, isSame) => {
      did.push(["guarded", name, ...argv, ...(isSame ? ["same"] : [])].join(" "));
      return Promise.resolve({ status: statuses.shift() ?? 0, ran: !isSame });
    },
  };
  const run: Run = {
    command,
    args,
    display: "farm",
    ...(guard && { guard: { accepted: [] } }),
    checkCapacity: () => Promise.resolve((did.push("room"), hasRoom || refuse("no room"))).then(() => undefined),
  };
  const context = farm.context({ environment: { PULUMI_BACKEND_URL: backend ?? "file:///state" } });
  await runOnFarm(context, run, fakes).catch((error: unknown) => {
    if (!(error instanceof FarmError)) throw error;
  });
  return did;
}

const seeds = "--exclude **libvirt:index/cloudinitDisk:CloudinitDisk::*";
const first = ["export", "sweep", "swarm", "pending", "room", "up"];

test("after a successful update the next one looks for no remains", async () => {
  expect(await ran("up")).toEqual(first);
  expect(await ran("up")).toEqual(["up"]);
  expect(await ran("destroy")).toEqual(["export", "lost", "destroy"]);
  expect(await ran("destroy")).toEqual(["export", "sweep", "lost", "destroy"]);
});

test("after a failed update the next one looks for its remains", async () => {
  await ran("up");
  await ran("up", [], { statuses: [1] });
  expect(await ran("up")).toEqual(first);
  expect(await ran("up")).toEqual(["up"]);
});

test("retries once, with all previous steps, after it killed a provider", async () => {
  await ran("up");
  expect(await ran("up", [], { statuses: [75, 75] })).toEqual(["up", ...first]);
  expect(farm.printed).toBe("farm: libvirt provider hung; killed it and retrying\n");
});

test.each([
  ["Swarm rolled back an update whose task a busy node did not start", 80],
  ["a removed service's task stopped late: the service is gone, and the provider cannot delete it again", 76],
])("retries once with a refresh after %s", async (_, status) => {
  const refresh = `refresh --yes --skip-preview ${seeds}`;
  expect(await ran("up", ["--yes"], { statuses: [status] })).toEqual([
    ...["export", "sweep", "swarm", "pending", "room", "up --yes"],
    ...["leader", "export", "sweep", "swarm", "pending", "room", refresh, "export", "forget runs", "up --yes"],
  ]);
  expect(await ran("destroy", [], { statuses: [status] })).not.toContainEqual(expect.stringContaining("refresh"));
});

test("looks for remains before every update if others may have changed the farm", async () => {
  await ran("up", [], { backend: "s3://theirs" });
  expect(await ran("up", [], { backend: "s3://theirs" })).toEqual(first);
});

test("a pool without enough space stops an update, and the next one checks again", async () => {
  await ran("up");
  configure("config: { swarm-farm:nodes: {} }");
  expect(await ran("up", [], { hasRoom: false })).toEqual(["room"]);
  expect(await ran("up")).toEqual(["room", "up"]);
});

test("services that the steward scales are refreshed before each update", async () => {
  await ran("up");
  configure("config: { swarm-farm:hello: { autoscale: { min: 2 } } }");
  const refresh = "refresh --yes --skip-preview --target urn::hello";
  expect(await ran("up")).toEqual(["export", "room", refresh, "up"]);
  expect(await ran("preview")).toEqual(["preview"]);
});

test("up --refresh refreshes first, without seeds, and passes no --refresh to Pulumi", async () => {
  await ran("up");
  expect(await ran("up", ["-yr", "--diff"])).toEqual([
    "leader",
    `refresh --yes --skip-preview ${seeds}`,
    // Where a program's jobs come from, no key says.
    ...["export", "forget runs"],
    "up -y --diff",
  ]);
  expect(await ran("refresh", ["--yes"])).toEqual(["leader", `refresh --yes ${seeds}`, "export", "forget runs"]);
  expect(await ran("preview", ["--refresh"])).toEqual(["leader", `preview --refresh ${seeds}`]);
});

test.each([["up"], ["refresh"], ["preview"]])("%s does not refresh a swarm without a leader", async (command) => {
  await ran("up");
  expect(await ran(command, ["--refresh"], { isLed: false })).toEqual(["leader"]);
  expect(await ran("destroy", ["--refresh"], { isLed: false })).toContainEqual(expect.stringMatching(/^destroy/));
});

test("other commands of Pulumi run unchanged", async () => {
  expect(await ran("stack", ["output"])).toEqual(["stack output"]);
});

test("an update knows whether state and program are those of the last one that succeeded", async () => {
  const up = async (args: readonly string[] = [], ...statuses: number[]) =>
    (await ran("up", args, { guard: true, statuses })).filter((step) => step.startsWith("guarded"));
  expect(await up()).toEqual(["guarded up"]);
  expect(await up([], 1)).toEqual(["guarded up same"]);
  expect(await up()).toEqual(["guarded up"]);
  expect(await up()).toEqual(["guarded up same"]);
  expect(await up(["--target", "urn::hello"])).toEqual(["guarded up --target urn::hello"]);
  expect(await up()).toEqual(["guarded up"]);
  configure("config: { other: true }");
  expect([await up(), await up()]).toEqual([["guarded up"], ["guarded up same"]]);
});

test("a farm whose program cannot be read can be destroyed", async () => {
  await ran("up");
  symlinkSync("infra", join(farm.home, "infra"));
  expect(await ran("destroy")).toEqual(["export", "lost", "destroy"]);
});

test("a retry keeps the data loss guard", async () => {
  await ran("up");
  const did = await ran("up", ["--yes"], { guard: true, statuses: [75] });
  expect(did.filter((step) => step.startsWith("guarded"))).toEqual(["guarded up --yes", "guarded up --yes"]);
  expect(await ran("preview", [], { guard: true })).toEqual(["guarded preview"]);
});
