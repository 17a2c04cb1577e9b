import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cleanUpIfEmpty } from "../../../../cli/hypervisor/clean-up";
import { decidedMode, namespaceOf } from "../../../../cli/hypervisor/enter";
import { startIsolated, stopIsolated, survivorOf } from "../../../../cli/hypervisor/isolated";
import { isRunning } from "../../../../cli/hypervisor/namespace";
import { setUpHypervisor } from "../../../../cli/hypervisor/set-up";
import { decideMode } from "../../../../cli/hypervisor/system";
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

const undecided = () => {
  farm.state("x", "");
  farm.forget("hypervisor");
};

test.each([
  [0, false, "system"],
  [1, false, "isolated"],
  [0, true, "isolated"],
])(
  "if libvirt exits with %d and --isolated is %p the hypervisor is '%s', and stays so",
  async (status, isolated, mode) => {
    undecided();
    farm.programs({ virsh: `exit ${String(status)}` });
    expect(await decideMode(farm.context({ isolated }))).toBe(mode);
    expect(decidedMode(farm.context())).toBe(mode);
    farm.programs({ virsh: `exit ${String(1 - status)}` });
    expect(await decideMode(farm.context())).toBe(mode);
  },
);

const ignored = { now: () => undefined };

test("says how to start a system libvirt that does not answer, and checks one that does", async () => {
  farm.programs({ virsh: "exit 1" });
  const check = () => Promise.resolve();
  await expect(setUpHypervisor(farm.context(), ignored, check)).rejects.toThrow("systemctl start libvirtd");
  farm.programs({ virsh: "exit 0" });
  expect(await setUpHypervisor(farm.context(), ignored, check)).toBe("the system's libvirt");
  const refuse = () => Promise.reject(new Error("no memory"));
  await expect(setUpHypervisor(farm.context(), ignored, refuse)).rejects.toThrow("no memory");
});

test("a farm whose libvirtd does not run has no survivors", async () => {
  farm.programs({ ip: 'case "$*" in "netns pids"*) echo 999999999 ;; esac' });
  expect(await isRunning(farm.context())).toBe(false);
  expect(await survivorOf(farm.context())).toBeUndefined();
});

test("removes the bridge of a libvirt that died before it starts the next one", async () => {
  const namespace = namespaceOf(farm.context());
  const inNamespace = `[ "$1 $2 $3" = "netns exec ${namespace}" ] && shift 3 && exec "$@"`;
  farm.programs({
    ip: `case "$*" in
      "netns list") echo "${namespace} (id: 3)" ;;
      *"show type bridge") echo '4: sf-dev: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN' ;;
      *) ${inNamespace}; true ;;
    esac`,
    unshare: "",
    virsh: "",
  });
  await startIsolated(farm.context());
  const calls = farm.calls;
  expect(calls).toContain(`ip -n ${namespace} link delete sf-dev`);
  expect(calls.indexOf(`ip -n ${namespace} link delete sf-dev`)).toBeLessThan(
    calls.findIndex((call) => call.startsWith("unshare")),
  );
});

test("stop removes the namespace and libvirt's folder", async () => {
  const libvirt = join(farm.context().folders.state, "libvirt");
  mkdirSync(libvirt, { recursive: true });
  farm.programs({ ip: `case "$*" in "netns list") echo "${namespaceOf(farm.context())} (id: 3)" ;; esac` });
  await stopIsolated(farm.context());
  expect(farm.calls.at(-1)).toBe(`ip netns del ${namespaceOf(farm.context())}`);
  expect(existsSync(libvirt)).toBe(false);
  expect(decidedMode(farm.context())).toBeUndefined();
});

test("start-isolated.sh bind mounts each folder, and starts virtlogd if none runs", () => {
  const script = readFileSync(join(__dirname, "../../../../cli/hypervisor/start-isolated.sh"), "utf8");
  farm.programs({ mount: "", virtlogd: "", libvirtd: "" });
  writeFileSync(join(farm.home, "start.sh"), script);
  const args = ["/home", join(farm.home, "log"), "/etc/libvirt", "/run/libvirt"];
  execFileSync("sh", [join(farm.home, "start.sh"), ...args], { env: process.env });
  expect(farm.calls).toEqual([
    "mount --bind /home/etc/libvirt /etc/libvirt",
    "mount --bind /home/run/libvirt /run/libvirt",
    "virtlogd -d -p /home/virtlogd.pid",
    "libvirtd -d -p /home/libvirtd.pid",
  ]);
});

test.each([
  ["nothing", [], false],
  ["a VM", [{ urn: "urn::a", type: "libvirt:index/domain:Domain" }], true],
])("after a destroy that leaves %s the farm's folder exists: %p", async (_, left, isThere) => {
  const stack = { urn: "urn::stack", type: "pulumi:pulumi:Stack" };
  farm.programs({ pulumi: `echo '${JSON.stringify({ deployment: { resources: [stack, ...left] } })}'` });
  const consoles = farm.write("consoles/dev.worker1.console.log", "");
  const others = farm.write("consoles/other.worker1.console.log", "");
  await cleanUpIfEmpty(farm.context(), join(farm.home, "consoles"));
  expect(existsSync(farm.context().folders.state)).toBe(isThere);
  expect(existsSync(consoles)).toBe(isThere);
  expect(existsSync(others)).toBe(true);
});
