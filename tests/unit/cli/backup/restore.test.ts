import { spawnSync } from "node:child_process";
import { Readable } from "node:stream";
import type { Backup } from "../../../../cli/backup/backup-file";
import type { SealedManifest } from "../../../../cli/backup/manifest";
import type { Builder } from "../../../../cli/backup/builder";
import { restore, type RestoreOptions } from "../../../../cli/backup/restore";
import { chain } from "../../../../cli/process/chain";
import { FakeFarm } from "../../../support/fake-farm";

const manifest: SealedManifest = {
  stack: "dev",
  date: "2026-11-25T18:00:00Z",
  node: "manager1",
  cluster: "cluster1",
  docker: "26.1.5",
  nodes: [true, true, false].map((manager, index) => ({ name: `node${String(index)}`, id: String(index), manager })),
  parts: { "swarm.tar": "sum", "mysql.sql": "sum" },
};

interface Around {
  /** The managers that answer, and the status of `docker node ls` there. */
  readonly managers?: Readonly<Record<string, number>>;
  /** The task of mysql, as Docker lists it. */
  readonly task?: string;
  /** The state of manager1's VM. */
  readonly vm?: string;
  readonly cluster?: string;
  readonly manifest?: Partial<SealedManifest>;
  /** Part of a command line that fails on the node. */
  readonly refuses?: string;
}

/** A tar of a folder with one file. */
const twoFiles = spawnSync("sh", ["-c", 'cd "$(mktemp -d)" && mkdir swarm && : >swarm/key && tar -c swarm']).stdout;

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1", "manager2"], ["worker1"]);
});

afterEach(() => {
  farm.remove();
});

const urn = (name: string) => `urn:pulumi:dev::swarm-farm::x::${name}`;
const ranOn = (name: string, ...triggers: readonly string[]) => ({
  urn: urn(name),
  type: "command",
  inputs: { triggers },
  outputs: { stdout: "cluster1", triggers },
});

/** Programs of a farm in a given state. Default: healthy. */
function prepare({ managers = { manager1: 0, manager2: 0 }, ...around }: Around): void {
  const { task = "worker1 lamp-mysql.1.abc Running 2 minutes ago", vm = "running", cluster = "cluster1" } = around;
  const resources = [
    { ...ranOn("swarm-init", "old"), outputs: { stdout: cluster, triggers: ["old"] } },
    ranOn("manager1-join", "old", "cluster1"),
    ...["disk", "seed", "domain", "power", "report"].map((noun) => ({
      urn: urn(`manager1-${noun}`),
      type: "x",
      id: "new",
    })),
    { urn: "s", type: "docker:index/service:Service", id: "newid", outputs: { name: "hello" } },
    { urn: "c", type: "docker:index/serviceConfig:ServiceConfig", id: "keptid", outputs: { name: "conf" } },
  ];
  farm.write("state", JSON.stringify({ deployment: { resources } }));
  farm.program("pulumi", `case $2 in import) did import; cat >"$here/imported" ;; *) cat "$here/state" ;; esac`);
  farm.program(
    "virsh",
    `case "$*" in *domstate*) echo '${vm}' ;; *dominfo*manager1) [ -n '${vm}' ] ;; *) did "$@" ;; esac`,
  );
  const alive = Object.entries(managers).map(([name, status]) => `${name}) leads=${String(status)} ;;`);
  // Once its state is there, a manager leads.
  farm.ssh(`leads=255
    case $node in ${alive.join(" ")} esac
    if [ "$node" = manager1 ] && [ -e "$here/made" ]; then leads=1; fi
    if [ "$node" = manager1 ] && [ -e "$here/restored" ]; then leads=0; fi
    if [ $leads = 255 ] && [ "$node" != any.manager ] && [ "$node" != worker1 ]; then exit 255; fi
    case $line in
      true) exit 0 ;;
      'docker node ls >'*) exit $leads ;;
      *'service ps lamp-mysql'*) echo '${task}' ;;
      *'node ls'*) printf '%s\\n' 'id1 manager1 Leader' 'id2 manager2 Unreachable' 'id3 worker1 ' 'id4 worker9 ' ;;
      *'docker service ls'*) printf '%s\\n' 'service oldid hello' 'config keptid conf' 'service other mine' ;;
      *COUNT*) echo 2 ;;
      *'${around.refuses ?? "nothing at all"}'*) exit 1 ;;
      *)
        did "$node" "$line"
        case $line in *restored-*) cat >"$here/restored"; echo /var/lib/docker/swarm-before-restore-DATE ;; esac
        case $line in *'sh mysql') cat >"$here/loaded" ;; esac
        ;;
    esac`);
}

/** Restores a backup that is whole. */
async function run(around: Around = {}, options: Partial<RestoreOptions> = {}): Promise<void> {
  prepare(around);
  const sealed = { ...manifest, ...around.manifest };
  const archive: Backup = {
    file: "f",
    manifest: sealed,
    has: (part) => part in sealed.parts,
    read: (part, stages, sink) =>
      chain(Readable.from([part === "swarm.tar" ? twoFiles : Buffer.from("-- Dump completed")]), stages, sink),
  };
  const builder: Builder = {
    startHypervisor: () => Promise.resolve(),
    setUp: () => {
      farm.did("setup");
      return Promise.resolve();
    },
    pulumi: (...args) => {
      farm.did(`pulumi ${args.join(" ")}`);
      farm.write("made", "");
      return Promise.resolve();
    },
  };
  await restore(farm.context(), builder, archive, { yes: true, ...options });
}

/** The VMs and disks of both managers are gone. */
const lost: Around = { managers: {}, vm: "" };

describe("changes nothing, and says why, for", () => {
  test.each<[string, Partial<RestoreOptions>, Around, string]>([
    [
      "another stack's backup",
      {},
      { manifest: { stack: "shop" } },
      "f is of the stack 'shop', not of 'dev'; to have its data here: --from shop",
    ],
    [
      "not the stack that was named",
      { from: "lab" },
      { manifest: { stack: "shop" } },
      "of the stack 'shop', not of 'lab'",
    ],
    ["a user who does not confirm", { part: "mysql", yes: false }, {}, "nothing was done"],
    ["nobody who says yes to the swarm", { yes: false }, { managers: { manager1: 1 } }, "nothing was done"],
    ["a backup without a database", {}, { manifest: { parts: { "swarm.tar": "sum" } } }, "f has no database"],
    ["mysql that does not run", {}, { task: "worker1 lamp-mysql.1.abc Starting" }, "mysql does not run"],
    ["no mysql at all", {}, { task: "" }, "mysql does not run"],
    ["no swarm to find mysql in", { part: "mysql" }, lost, "no manager of the swarm answers"],
    ["a swarm that answers", { part: "swarm" }, {}, "the swarm answers and is not replaced by an older one"],
    [
      "another manager that runs",
      {},
      { ...lost, managers: { manager2: 1 } },
      "manager2 runs, and has a newer state of the swarm than any backup: ./farm recover goes on with it",
    ],
    [
      "a manager that the farm does not have",
      {},
      { ...lost, manifest: { node: "manager7" } },
      "f is of the manager 'manager7', and the farm has none of that name",
    ],
    [
      "a swarm that Pulumi did not make",
      {},
      { ...lost, cluster: "cluster2" },
      "f is of swarm cluster1, and Pulumi made cluster2",
    ],
    [
      "another stack's swarm",
      { from: "shop" },
      { ...lost, manifest: { stack: "shop" } },
      "only the database of another stack's backup can be restored here",
    ],
    ["a VM that is only off", {}, { ...lost, vm: "shut off" }, "the VM of manager1 is 'shut off': ./farm up --refresh"],
    ["a VM that does not answer", {}, { ...lost, vm: "running" }, "the VM of manager1 runs and does not answer ssh"],
  ])("%s", async (_, options, around, message) => {
    await expect(run(around, options)).rejects.toThrow(message);
    expect(farm.done).toEqual([]);
  });

  test("a farm that does not exist", async () => {
    farm.remove();
    farm = new FakeFarm().built([]);
    await expect(run()).rejects.toThrow("there is no farm 'dev' to restore to: ./farm up builds it");
  });
});

test("loads the database if the swarm answers", async () => {
  await run();
  expect(farm.printed).toContain("f: of dev, 2026-11-25T18:00:00Z, swarm cluster1, mysql and swarm");
  expect(farm.printed).toContain(
    "the database app on worker1 becomes what it was at 2026-11-25T18:00:00Z: later changes",
  );
  expect(farm.printed).toMatch(/✓ mysql +database app on worker1, tables: 2/);
  expect(farm.done).toEqual([expect.stringMatching(/^worker1 docker exec -i lamp-mysql\.1\.abc sh -c .* sh mysql$/)]);
});

test("restores the data of another stack with --from", async () => {
  await run({ manifest: { stack: "shop" } }, { from: "shop" });
  expect(farm.done).toHaveLength(1);
});

test("prints how to repeat a load that failed", async () => {
  await expect(run({ refuses: "sh mysql" })).rejects.toThrow("./farm restore f mysql loads it again");
});

test("if all managers are lost, creates one VM, puts the state there and removes orphans", async () => {
  await run(lost);
  const target = (noun: string) => `--target ${urn(`manager1-${noun}`)}`;
  const virsh = (args: string) => `-q -c qemu:///system ${args}`;
  const all = ["disk", "seed", "domain", "power", "report"];
  expect(farm.done).toEqual([
    "setup",
    `pulumi refresh --yes --skip-preview ${all
      .filter((noun) => noun !== "seed")
      .map(target)
      .join(" ")}`,
    `pulumi up --yes --skip-preview ${all.map(target).join(" ")}`,
    expect.stringMatching(/^manager1 DATE=\S+Z ENTRIES=2 set -eu .*mktemp -d .*systemctl stop .*mv .*systemctl start/),
    "manager1 docker swarm init --force-new-cluster --advertise-addr 10.77.0.11 >/dev/null",
    expect.stringMatching(/^manager1 .*join-token/),
    "import",
    ...["dominfo dev.manager2", "destroy dev.manager2", "undefine dev.manager2 --nvram"].map(virsh),
    ...["manager2.qcow2", "manager2-data.qcow2"].flatMap((volume) =>
      ["vol-info", "vol-delete"].map((verb) => virsh(`${verb} --pool swarm-farm-dev ${volume}`)),
    ),
    expect.stringMatching(/^manager1 docker node demote id2 .*docker node rm --force id2/),
    expect.stringMatching(/^manager1 .*docker node rm --force id4/),
    "manager1 docker service rm oldid",
  ]);
  expect(farm.printed).toMatch(
    /✓ swarm state +on manager1; its former state: \/var\/lib\/docker\/swarm-before-restore-DATE/,
  );
  expect(farm.printed).toMatch(/✓ nodes +2 removed: manager2, worker9/);
  expect(farm.printed).toContain("manager1 leads the swarm; ./farm up --refresh");
});

test("keeps a VM that runs without its swarm, and does not force the only manager to lead", async () => {
  await run({ managers: { manager1: 1 }, manifest: { nodes: [{ name: "manager1", id: "1", manager: true }] } });
  expect(farm.done.filter((line) => /^(pulumi|setup)|--force-new-cluster/.test(line))).toEqual([]);
  expect(farm.printed).toContain("; its present state is kept beside it");
});
