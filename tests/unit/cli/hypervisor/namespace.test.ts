import type { ChildProcess } from "node:child_process";
import fc from "fast-check";
import { decidedMode, inFarm, libvirtdPid, namespaceOf } from "../../../../cli/hypervisor/enter";
import { hasNamespace, isRunning, processesOf } from "../../../../cli/hypervisor/namespace";
import { processName } from "../../../../cli/hypervisor/system";
import { FakeFarm } from "../../../support/fake-farm";
import { processNamed } from "../../../support/process-named";

let farm: FakeFarm;
let children: ChildProcess[];
beforeEach(() => {
  farm = new FakeFarm();
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill();
  farm.remove();
});

/** Starts a process of this name, whose number is the farm's libvirtd's. */
async function libvirtd(name = "libvirtd"): Promise<number> {
  const child = await processNamed(name, farm.home);
  children.push(child);
  farm.state("libvirt/libvirtd.pid", `${String(child.pid)}\n`);
  return child.pid;
}

describe("the farm's namespace", () => {
  const own = () => namespaceOf(farm.context());

  test.each([
    ["is listed with its number", (name: string) => `other (id: 0)\n${name} (id: 3)\n`, true],
    ["is listed without one", (name: string) => `${name}\n`, true],
    ["is another farm's whose name is longer", (name: string) => `${name}0 (id: 1)\n`, false],
    ["is not there", () => "", false],
  ])("%s", async (_, list, is) => {
    farm.write("list", list(own()));
    farm.program("ip", 'cat "$here/list"');
    expect(await hasNamespace(farm.context())).toBe(is);
  });

  test("does not count as removed if ip fails: the reason is its last line", async () => {
    farm.program("ip", "echo 'Object \"netns\" is unknown' >&2; echo 'try \"ip help\"' >&2; exit 1");
    await expect(hasNamespace(farm.context())).rejects.toThrow('ip ended with 1: try "ip help"');
  });

  test.each([
    ["printf '12\\n345\\n'", [12, 345]],
    ["true", []],
    ["echo 'Cannot open network namespace' >&2; exit 1", []],
  ])("has the processes that ip prints: %s", async (body, pids) => {
    farm.program("ip", body);
    expect(await processesOf(farm.context())).toEqual(pids);
  });

  test("is named by the stack and the state folder, so that two checkouts do not share one", () => {
    const stack = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);
    fc.assert(
      fc.property(stack, fc.string(), fc.string(), (name, one, other) => {
        const of = (state: string) => namespaceOf({ stack: name, folders: { ...farm.folders, state } });
        expect(of(one)).toMatch(new RegExp(`^farm-${name}-[0-9a-f]{6}$`));
        if (one !== other) expect(of(one)).not.toBe(of(other));
      }),
    );
  });
});

describe("the farm's libvirtd runs", () => {
  test.each([
    ["in the farm's namespace", () => namespaceOf(farm.context()), true],
    ["in another", () => "farm-other-123456", false],
    ["in none", () => "", false],
  ])("%s", async (_, identified, is) => {
    await libvirtd();
    farm.program("ip", `echo '${identified()}'`);
    expect(await isRunning(farm.context())).toBe(is);
  });

  test("not if its pid belongs to another program", async () => {
    const pid = await libvirtd("dnsmasq");
    expect(processName(pid)).toBe("dnsmasq");
    expect(libvirtdPid(farm.context())).toBeUndefined();
    expect(await isRunning(farm.context())).toBe(false);
    expect(farm.calls).toEqual([]);
  });

  test.each(["", "no number\n", "../self\n"])("not if its pid file holds %j", (text) => {
    farm.state("libvirt/libvirtd.pid", text);
    expect(libvirtdPid(farm.context())).toBeUndefined();
  });
});

describe("a command in the farm", () => {
  test.each([
    ["system\n", "system"],
    ["isolated\n", "isolated"],
    // An unreadable file must not lead to the machine's own libvirt.
    ["", "isolated"],
  ])("uses the hypervisor in the state file: %j", (text, mode) => {
    farm.state("hypervisor", text);
    expect(decidedMode(farm.context())).toBe(mode);
  });

  test("runs unchanged on the system's libvirt, and while the hypervisor is undecided", () => {
    expect(inFarm(farm.context(), ["virsh", "list"])).toEqual(["virsh", "list"]);
    farm.state("hypervisor", "system\n");
    expect(inFarm(farm.context(), ["virsh", "list"])).toEqual(["virsh", "list"]);
  });

  test("enters the namespaces of an isolated hypervisor in the same folder, or another", async () => {
    farm.state("hypervisor", "isolated\n");
    const pid = String(await libvirtd());
    const entered = (folder: string) =>
      ["nsenter", "--target", pid, "--mount", "--net", `--wdns=${folder}`, "--"].concat("virsh", "list");
    expect(inFarm(farm.context(), ["virsh", "list"])).toEqual(entered(process.cwd()));
    expect(inFarm(farm.context(), ["virsh", "list"], "/srv")).toEqual(entered("/srv"));
  });

  test("is refused if the isolated hypervisor does not run", () => {
    farm.state("hypervisor", "isolated\n");
    expect(() => inFarm(farm.context(), ["virsh"])).toThrow(
      "the farm's hypervisor is not running: ./farm up starts it",
    );
  });
});
