import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseReadings, serviceOf, type Reading } from "../../../bench/idle/reading";
import { hostShare, table, type Node } from "../../../bench/idle/table";
import { guestOf, virtualMachines } from "../../../bench/qemu";
import { repository } from "../../support/program";

const mib = 2 ** 20;
const second = 1_000_000;

function reading(kind: Reading["kind"], name: string, cpuSeconds: number, memoryMib: number): Reading {
  return { kind, name, cpu: cpuSeconds * second, memory: memoryMib * mib };
}

const node: Node = {
  name: "manager1",
  seconds: 100,
  qemuSeconds: 20,
  readings: [
    reading("node", "-", 12, 400),
    reading("unit", "docker", 6, 90),
    reading("program", "dockerd", 5, 80),
    reading("unit", "containerd", 1, 30),
    reading("container", "registry.1.abcdefghijklmnopqrstuvwxy", 2, 28),
    reading("container", "shop_web.2.abcdefghijklmnopqrstuvwxy", 1, 10),
  ],
};

describe("the table of an idle farm", () => {
  const lines = table([node], (service) => service !== "shop_web").split("\n");
  test.each([
    ["QEMU on the host", "20.0 %"],
    ["the node", "12.0 %, 400 MiB"],
    ["**the farm's own services**", "2.0 %, 28 MiB"],
    ["dockerd", "5.0 %, 80 MiB"],
    ["what dockerd starts", "1.0 %, 10 MiB"],
    ["containerd", "1.0 %, 30 MiB"],
    ["registry", "2.0 %, 28 MiB"],
    ["shop_web", "1.0 %, 10 MiB"],
    ["kernel, and what belongs to no unit", "2.0 %"],
  ])("has '%s': %s", (program, cell) => {
    expect(lines).toContain(`| ${program} | ${cell} |`);
  });

  test("leaves a cell empty where a node does not have the program", () => {
    const worker: Node = { ...node, name: "worker1", readings: [reading("node", "-", 1, 300)] };
    expect(table([node, worker], () => true)).toMatch(/^\| registry \| 2\.0 %, 28 MiB \| {2}\|$/m);
    expect(hostShare([node, worker])).toBeCloseTo(0.4);
  });
});

test.each([
  ["lamp-mysql.1.abcdefghijklmnopqrstuvwxy", "lamp-mysql"],
  ["loadbalancer.k1j2h3g4f5abcdefghijklmno.abcdefghijklmnopqrstuvwxy", "loadbalancer"],
  ["by-hand", "by-hand"],
])("the service of the container %s is %s", (container, service) => {
  expect(serviceOf(container)).toBe(service);
});

test.each(["node - 1", "engine dockerd 1 2", "node - -1 2", "unit docker 1 2"])(
  "'%s' is no sample of a node",
  (text) => {
    expect(() => parseReadings(text)).toThrow();
  },
);

describe("sample.sh", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "idle-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const put = (file: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text, { mode });
  };
  const group = (folder: string, usage: number) => {
    put(`${folder}/cpu.stat`, `usage_usec ${String(usage)}\nuser_usec 1\n`);
    put(`${folder}/memory.stat`, "anon 1000\nfile 9000\nkernel 200\n");
  };

  test("reads control groups of both of Docker's drivers, and one that came in between", () => {
    group("system.slice/docker.service", 5000);
    group("docker/aa11", 7000);
    group("system.slice/docker-bb22.scope", 8000);
    put("later/docker/cc33/cpu.stat", "usage_usec 40\n");
    put("bin/docker", "#!/bin/sh\necho 'aa11 registry.1.x'\n", 0o755);
    const grow = `sed -i 's/usage_usec /usage_usec 1/' ${root}/docker/aa11/cpu.stat; cp -r ${root}/later/docker ${root}`;
    put("bin/sleep", `#!/bin/sh\n[ "$1" = 7 ] || exit 1\n${grow}\n`, 0o755);
    const env = { ...process.env, PATH: `${join(root, "bin")}:${process.env.PATH ?? ""}`, IDLE_CGROUPS: root };
    const script = join(repository, "bench", "idle", "sample.sh");
    const { status, stdout, stderr } = spawnSync("sh", [script, "7"], { env, encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    const readings = parseReadings(stdout).filter(({ kind }) => kind === "unit" || kind === "container");
    expect(readings.map(({ kind, name, cpu, memory }) => [kind, name, cpu, memory])).toEqual([
      ["unit", "docker", 0, 1200],
      ["container", "registry.1.x", 10_000, 1200],
      ["container", "cc33", 40, 0],
      ["container", "bb22", 0, 1200],
    ]);
  });
});

describe("the VMs of this machine", () => {
  test.each([
    ["/usr/bin/qemu-system-x86_64\0-name\0guest=dev.manager1,debug-threads=on\0", "dev.manager1"],
    ["/usr/bin/qemu-img\0create\0", undefined],
    ["", undefined],
  ])("are read of their command lines: %j", (line, guest) => {
    expect(guestOf(line)).toBe(guest);
  });

  test("are found among its processes, without those that end meanwhile", () => {
    const proc = mkdtempSync(join(tmpdir(), "proc-"));
    mkdirSync(join(proc, "12"));
    mkdirSync(join(proc, "13"));
    mkdirSync(join(proc, "self"));
    writeFileSync(join(proc, "12", "cmdline"), "qemu-system-x86_64\0-name\0guest=dev.worker1,debug-threads=on\0");
    expect([...virtualMachines(proc)]).toEqual([["dev.worker1", 12]]);
    rmSync(proc, { recursive: true });
  });
});
