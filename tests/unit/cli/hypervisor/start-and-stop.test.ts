import fs, { existsSync, readFileSync, statfsSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import { cleanUpIfEmpty } from "../../../../cli/hypervisor/clean-up";
import { decidedMode, namespaceOf } from "../../../../cli/hypervisor/enter";
import { startIsolated, stopIsolated, survivorOf } from "../../../../cli/hypervisor/isolated";
import { startHypervisor } from "../../../../cli/hypervisor/set-up";
import { FakeFarm } from "../../../support/fake-farm";
import { processNamed } from "../../../support/process-named";

let farm: FakeFarm;
let children: ChildProcess[];
beforeEach(() => {
  farm = new FakeFarm({ nsenter: 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"', virsh: "exit 0", sh: "" });
  children = [];
  farm.state("hypervisor", "isolated\n");
  // The folders that a libvirt of its own sees as its own are this machine's: they are left alone here.
  const { mkdirSync } = fs;
  jest
    .spyOn(fs, "mkdirSync")
    .mockImplementation((path, options) =>
      String(path).startsWith(farm.home) ? mkdirSync(path, options as { recursive: true }) : undefined,
    );
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const child of children) child.kill("SIGKILL");
  farm.remove();
});

async function started(name: string): Promise<ChildProcess & { readonly pid: number }> {
  const child = await processNamed(name, farm.home);
  children.push(child);
  return child;
}

/** `ip`, in a namespace that has these processes as long as they run. */
function ip(pids: readonly number[], isThere = true): void {
  const alive = pids.map((pid) => `kill -0 ${String(pid)} 2>/dev/null && echo ${String(pid)}`);
  farm.program(
    "ip",
    `case "$*" in
      "netns list") ${isThere ? `echo '${namespaceOf(farm.context())} (id: 1)'` : ":"} ;;
      "netns pids "*) ${[...alive, ":"].join("\n")} ;;
      "netns identify "*) echo '${namespaceOf(farm.context())}' ;;
    esac`,
  );
}

/** Each look at the clock is this much later. */
function hurry(seconds: number): void {
  let now = Date.now();
  jest.spyOn(Date, "now").mockImplementation(() => (now += seconds * 1000));
}

const calls = (program: string) => farm.calls.filter((call) => call.startsWith(`${program} `));
const inState = (path: string) => join(farm.folders.state, path);

describe("an isolated libvirt", () => {
  test("starts in a new namespace, with folders that only it sees, without remains of a previous one", async () => {
    ip([], false);
    farm.state("libvirt/run/libvirt/libvirt-sock");
    const { pid } = await started("libvirtd");
    // As start-isolated.sh does once libvirtd runs.
    farm.program(
      "ip",
      `case "$*" in *unshare*) mkdir -p '${inState("libvirt")}'; echo ${String(pid)} >'${inState("libvirt/libvirtd.pid")}' ;; esac`,
    );
    await startIsolated(farm.context());
    const name = namespaceOf(farm.context());
    const all = calls("ip");
    expect(all.slice(0, 3)).toEqual([
      "ip netns list",
      `ip netns add ${name}`,
      `ip netns exec ${name} ip link set lo up`,
    ]);
    expect(all.find((call) => call.includes("unshare"))).toMatch(
      /unshare --mount --propagation private sh \S+\/start-isolated\.sh ~\/\S+\/libvirt ~\/\S+\/libvirtd\.log \/etc\/libvirt \/var\/lib\/libvirt /,
    );
    expect(existsSync(inState("libvirt/run/libvirt/libvirt-sock"))).toBe(false);
    expect(existsSync(inState("libvirt/var/log/libvirt/qemu"))).toBe(true);
    expect(readFileSync(inState("libvirt/etc/libvirt/qemu.conf"), "utf8")).toContain('user = "root"\n');
  });

  test("that died before its VMs starts in their namespace, with its previous state", async () => {
    const vm = await started("qemu-system-x86_64");
    const { pid } = await started("libvirtd");
    ip([vm.pid]);
    farm.state("libvirt/run/libvirt/qemu/dev.worker1.xml", "<domstatus/>");
    farm.state("libvirt/libvirtd.pid", `${String(pid)}\n`);
    expect(await survivorOf(farm.context())).toBe(vm.pid);
    await startIsolated(farm.context());
    expect(calls("ip").some((call) => call.includes("netns add"))).toBe(false);
    expect(calls("nsenter")[0]).toMatch(
      new RegExp(`^nsenter --target ${String(vm.pid)} --mount --net -- sh \\S+/start-isolated\\.sh \\S+ \\S+$`),
    );
    expect(existsSync(inState("libvirt/run/libvirt/qemu/dev.worker1.xml"))).toBe(true);
  });

  test("that does not answer in time is reported with its log", async () => {
    ip([]);
    hurry(31);
    await expect(startIsolated(farm.context())).rejects.toThrow(
      /^waited 30 s for libvirtd in namespace farm-dev-\S+, see \S+\/libvirtd\.log$/,
    );
  });

  test("does not start on a disk without enough space", async () => {
    ip([]);
    jest.spyOn(fs, "statfsSync").mockReturnValue(Object.assign(statfsSync("/"), { bavail: 10, bsize: 4096 }));
    await expect(startIsolated(farm.context())).rejects.toThrow("a farm's disks needs 3000 MiB in");
    expect(farm.calls).toEqual([]);
  });

  test("that runs is not started again", async () => {
    const { pid } = await started("libvirtd");
    farm.state("libvirt/libvirtd.pid", `${String(pid)}\n`);
    ip([pid]);
    await startHypervisor(farm.context());
    expect([farm.printed, calls("nsenter")]).toEqual(["", []]);
  });
});

/** The signal that ends a process. */
async function signalOf(child: ChildProcess): Promise<unknown> {
  const [, signal] = (await once(child, "exit")) as unknown[];
  return signal;
}

describe("a stop", () => {
  test("ends the processes in the namespace, and removes it with its files", async () => {
    const all = [await started("libvirtd"), await started("dnsmasq")];
    const gone = 4_194_305;
    ip(all.map(({ pid }) => pid));
    farm.state("libvirt/libvirtd.pid", `${String(gone)}\n`);
    const ended = Promise.all(all.map(signalOf));
    await stopIsolated(farm.context());
    expect(await ended).toEqual(["SIGTERM", "SIGTERM"]);
    expect(calls("ip").at(-1)).toBe(`ip netns del ${namespaceOf(farm.context())}`);
    expect([existsSync(inState("libvirt")), decidedMode(farm.context())]).toEqual([false, undefined]);
  });

  test("kills processes that do not end", async () => {
    const vm = await started("qemu-system-x86_64");
    const ended = signalOf(vm);
    const kill = process.kill.bind(process);
    const spy = jest
      .spyOn(process, "kill")
      .mockImplementation((pid, signal) => (signal === "SIGTERM" ? true : kill(pid, signal)));
    ip([vm.pid]);
    hurry(16);
    await stopIsolated(farm.context());
    spy.mockRestore();
    expect(await ended).toBe("SIGKILL");
  });

  test("keeps everything if the namespace cannot be removed", async () => {
    farm.state("libvirt/qemu.conf");
    farm.program(
      "ip",
      `case "$*" in *list) echo '${namespaceOf(farm.context())}' ;; *del*) echo 'Device or resource busy' >&2; exit 1 ;; esac`,
    );
    await expect(stopIsolated(farm.context())).rejects.toThrow("ip ended with 1: Device or resource busy");
    expect([existsSync(inState("libvirt")), decidedMode(farm.context())]).toEqual([true, "isolated"]);
  });
});

describe("after a destroy", () => {
  const state = (...types: readonly string[]) =>
    JSON.stringify({ deployment: { resources: types.map((type) => ({ urn: `urn::${type}`, type })) } });

  test.each([
    ["a stack without resources", state()],
    ["the stack itself", state("pulumi:pulumi:Stack")],
    ["no deployment", '{"version":3,"deployment":null}'],
  ])("that leaves %s the namespace and folder of an isolated farm are removed", async (_, left) => {
    ip([]);
    farm.program("pulumi", `echo '${left}'`);
    await cleanUpIfEmpty(farm.context());
    expect(calls("ip").at(-1)).toMatch(/^ip netns del /);
    expect(existsSync(farm.folders.state)).toBe(false);
  });

  test.each([
    [
      "Pulumi does not answer",
      "echo 'warning: slow' >&2; echo 'error: no backend' >&2; exit 255",
      "pulumi: no backend",
    ],
    ["the state is of a newer version", `echo '{"deployment":{"resources":{}}}'`, "use the version of swarm-farm that"],
    ["the answer is cut off", `printf '{"deployment":{"resou'`, "the stack's state cannot be read"],
  ])("nothing is removed if %s", async (_, body, message) => {
    ip([]);
    farm.program("pulumi", body);
    await expect(cleanUpIfEmpty(farm.context())).rejects.toThrow(message);
    expect([calls("ip"), decidedMode(farm.context())]).toEqual([[], "isolated"]);
  });
});
