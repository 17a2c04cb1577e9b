import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leftFarm, writeRun } from "../../../bench/run-file";
import { stockSeeds, onStock, type Farm } from "../../../bench/up/stock";
import { stepsOf } from "../../../bench/up/steps";
import { dockerSeconds, sideBySide, timesOf } from "../../../bench/up/times";
import type { Resource } from "../../../bench/exported";

const urn = (name: string, type: string) => `urn:pulumi:bench::swarm-farm::${type}::${name}`;

function resource(name: string, type: string, inputs: Resource["inputs"], outputs: Resource["outputs"] = {}): Resource {
  return { urn: urn(name, type), type, custom: true, id: `/pool/${name}`, inputs, outputs, dependencies: [] };
}

const volume = (name: string, inputs: Resource["inputs"]) => resource(name, "libvirt:index/volume:Volume", inputs);

const keys = (name: string) =>
  resource(
    `${name}-ed25519`,
    "command:local:Command",
    { create: "key-pair" },
    { stdout: JSON.stringify({ privateKey: `private ${name}`, publicKey: `public ${name}` }) },
  );

const networkConfig = JSON.stringify({
  version: 2,
  ethernets: { farm: { addresses: ["10.0.0.21/24"], routes: [{ to: "default", via: "10.0.0.1" }] } },
});

const seed = (node: string) =>
  resource(`${node}-seed`, "libvirt:index/cloudinitDisk:CloudinitDisk", {
    name: `${node}-seed.iso`,
    userData: "#!/bin/sh\n",
    metaData: "instance-id: 1\n",
    networkConfig,
  });

const domain = resource("worker1-domain", "libvirt:index/domain:Domain", { name: "farm.worker1" });

/** The command by which the visualizer gets the number of the socket's group. */
const socketGroup = resource("visualizer-socket-group", "command:local:Command", {}, { stdout: "107\n" });

const farm: Farm = {
  resources: [
    volume("disk", { name: "guest-1.qcow2", source: "/cache/guest/1/disk.qcow2" }),
    volume("kernel", { name: "guest-1.vmlinuz", source: "/cache/guest/1/vmlinuz" }),
    volume("initrd", { name: "guest-1.initrd", source: "/cache/guest/1/initrd.img" }),
    volume("worker1-disk", { name: "worker1.qcow2", baseVolumeId: "/pool/disk", size: 1024 }),
    keys("login"),
    keys("worker1-hostkey"),
    seed("worker1"),
    domain,
    resource("worker1-power", "command:local:Command", { create: "set -eu\nboot" }),
  ],
  recorded: {
    state: "/state",
    seeds: "/state.kept",
    xml: new Map([
      [domain.urn, "<os>\n  <kernel>/pool/kernel</kernel>\n  <cmdline>quiet lsm=landlock</cmdline>\n</os>"],
      [urn("pool", "libvirt:index/pool:Pool"), "<pool/>"],
    ]),
    bodies: new Map(),
    registryAuth: "",
  },
};

describe("a farm on a stock image", () => {
  const stock = onStock(farm, { folder: "/cache/stock", cmdline: "root=/dev/vda $& rw", seeds: "/work/seeds" });
  const steps = new Map(stepsOf(stock.resources, stock.recorded).map((step) => [step.name, step]));

  test("takes its files from the image's folder, and its seeds from theirs", () => {
    expect(["disk", "kernel", "initrd", "worker1-disk", "worker1-seed"].map((name) => steps.get(name)?.script)).toEqual(
      [
        "cp /cache/stock/disk.qcow2 /pool/disk",
        "cp /cache/stock/vmlinuz /pool/kernel",
        "cp /cache/stock/initrd.img /pool/initrd",
        "qemu-img create -q -f qcow2 -b /pool/disk -F qcow2 /pool/worker1-disk 1024",
        "cp /work/seeds/worker1-seed.iso /pool/worker1-seed",
      ],
    );
  });

  test("boots with the image's command line, to the letter", () => {
    expect(steps.get("worker1-domain")?.stdin).toBe(
      "<os>\n  <kernel>/pool/kernel</kernel>\n  <cmdline>root=/dev/vda $& rw</cmdline>\n</os>",
    );
    expect(stock.recorded.xml.get(urn("pool", "libvirt:index/pool:Pool"))).toBe("<pool/>");
  });

  test("waits on the node for Docker's installation, then as the farm does", () => {
    const [wait, ...boot] = (steps.get("worker1-power")?.script ?? "").split("\n");
    expect(wait).toMatch(/^until ssh -F \/state\/ssh\/config worker1 .*'until \[ -S \/run\/docker\.sock \]/);
    expect(boot).toEqual(["set -eu", "boot"]);
  });

  test("has the steps of the farm, and what was recorded stays as it is", () => {
    const before = stepsOf(farm.resources, farm.recorded);
    expect([...steps.keys()]).toEqual(before.map(({ name }) => name));
    expect(before[0]?.script).toBe("cp /cache/guest/1/disk.qcow2 /pool/disk");
  });
});

describe("a seed for cloud-init", () => {
  const [{ name, files } = { name: "", files: undefined }] = stockSeeds(farm.resources);
  const [first, ...rest] = (files?.["user-data"] ?? "").split("\n");
  const config = JSON.parse(rest.join("\n")) as Readonly<Record<string, unknown>>;

  test("is named as the farm's, and has its addresses", () => {
    expect(name).toBe("worker1-seed.iso");
    expect(files).toMatchObject({ "meta-data": "instance-id: 1\n", "network-config": networkConfig });
  });

  test("gives the node its identity", () => {
    expect(first).toBe("#cloud-config");
    expect(config).toMatchObject({
      hostname: "worker1",
      disable_root: false,
      ssh_keys: { ed25519_private: "private worker1-hostkey", ed25519_public: "public worker1-hostkey" },
      users: [{ name: "root", ssh_authorized_keys: ["public login"] }],
    });
  });

  test("installs Docker from the mirror at the node's gateway", () => {
    expect(config).toMatchObject({ package_update: true, packages: ["docker.io"] });
    expect(config.apt).toMatchObject({
      preserve_sources_list: false,
      sources_list: [
        "deb http://10.0.0.1:8078/debian $RELEASE main\n",
        "deb http://10.0.0.1:8078/debian $RELEASE-updates main\n",
        "deb http://10.0.0.1:8078/debian-security $RELEASE-security main\n",
      ].join(""),
    });
  });

  test("gives Docker's group the number that recorded services have", () => {
    const bootcmd = (...more: readonly Resource[]) => {
      const [, ...lines] = (stockSeeds([...farm.resources, ...more])[0]?.files["user-data"] ?? "").split("\n");
      return (JSON.parse(lines.join("\n")) as { readonly bootcmd: unknown }).bootcmd;
    };
    expect(bootcmd(socketGroup)).toEqual([["groupadd", "--system", "--non-unique", "--gid", "107", "docker"]]);
    expect(bootcmd()).toEqual([]);
  });

  test("needs the node's key pair", () => {
    expect(() => stockSeeds([keys("login"), seed("worker1")])).toThrow(
      "the farm's state has no key pair 'worker1-hostkey-ed25519'",
    );
  });
});

test("Docker's time is that of the last node, from the first step on", () => {
  const lines = ["manager1-power 12.5 60.0\n", "pool 10.0 11.0\n", "worker1-power 13.0 75.5\n", "hello 75.5 90.0\n"];
  expect(dockerSeconds(timesOf(lines))).toBe(65.5);
});

test("a step's time counts from the end of those that it waits for, in `up` and in the script", () => {
  const step = (name: string, after: readonly string[]) => ({
    name,
    after,
    script: "",
    stdin: "",
    identity: undefined,
  });
  const course = (began: number, pool: number, web: number) => ({
    began,
    ended: new Map([
      ["pool", pool],
      ["web", web],
    ]),
  });
  const table = sideBySide([step("web", ["pool"]), step("pool", [])], course(100, 102, 105.5), course(200, 201, 203));
  expect(table).toBe("up's end\ttook\tscript's end\ttook\tstep\n2.0\t2.0\t1.0\t1.0\tpool\n5.5\t3.5\t3.0\t2.0\tweb\n");
});

describe("the farm of a killed run", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bench-up-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("is found by the next run", () => {
    const file = join(folder, "run");
    expect(leftFarm(file)).toBeUndefined();
    // Above Linux's highest process id.
    writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, home: "/tmp/sf-1" }));
    expect(leftFarm(file)).toBe("/tmp/sf-1");
  });

  test("is left alone while its run goes on", () => {
    const file = join(folder, "run");
    writeRun(file, "/tmp/sf-1");
    expect(() => leftFarm(file)).toThrow(`process ${String(process.pid)} runs this measurement`);
  });
});
