import os from "node:os";
import { join } from "node:path";
import { checkCapacity } from "../../../../cli/setup/check/capacity";
import { checkConfiguration, decryptedConfiguration } from "../../../../cli/setup/check/configuration";
import { networksOfHypervisor } from "../../../../cli/setup/check/host-facts";
import { checkHypervisors } from "../../../../cli/setup/check/hypervisors";
import { parseConfig } from "../../../../stacks/config";
import { recipes } from "../../../support/samples";
import { guestImage } from "../../../../infra/images/guest";
import { FakeFarm } from "../../../support/fake-farm";

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
});
afterEach(() => {
  machine.remove();
  jest.restoreAllMocks();
});

const nodes = { manager1: { role: "manager" } };
const right = "config:\n  swarm-farm:nodes: { manager1: { role: manager } }\n";

/** A machine whose only network but loopback is this one. */
const network = (cidr: string) => {
  const [local, prefixlen] = cidr.split("/");
  const answer = [{ ifname: "eth0", addr_info: [{ local, prefixlen: Number(prefixlen) }] }];
  machine.program("ip", `echo '${JSON.stringify(answer)}'`);
};

/** The farm is on the system's libvirt, so that nothing is entered. */
function onSystem(): void {
  machine.state("hypervisor", "system\n");
}

describe("the configuration", () => {
  const check = (text: string) => {
    machine.write("Pulumi.dev.yaml", text);
    return checkConfiguration(machine.context({ isolated: true }));
  };

  test("that is valid is returned with its defaults", async () => {
    await expect(check(right)).resolves.toMatchObject({ nodes: { manager1: { vcpu: 1 } } });
  });

  test.each([
    [
      "all problems at once",
      "config:\n  swarm-farm:nodes: { manager1: { role: boss } }\n  swarm-farm:hello: { port: 99999, colour: blue }\n",
      ["the configuration has 3 problems:", "nodes.manager1.role: is \"boss\"", "hello.colour: is no known key"],
    ],
    [
      "a missing file",
      `${right}  swarm-farm:loadbalancer: { certificate: { cert: /nowhere/a, key: /nowhere/b } }\n`,
      ["loadbalancer.certificate.cert: is '/nowhere/a'; there is no such file"],
    ],
    [
      "more memory than there is",
      right.replace("role: manager", "role: manager, memoryMiB: 1000000"),
      ["nodes: need 1000000 MiB of memory together"],
    ],
    ["no YAML", `${right} a: 2\n`, ["Pulumi.dev.yaml is not valid YAML: line 3: "]],
  ])("is refused for %s", async (_, text, messages) => {
    for (const message of messages) await expect(check(text)).rejects.toThrow(message);
  });

  test("of VMs on other hosts may have more memory than this machine", async () => {
    const far = "  swarm-farm:hosts: { far: { uri: 'qemu+ssh://root@far/system' } }\n";
    await expect(check(right.replace("manager }", "manager, memoryMiB: 1000000 }") + far)).resolves.toBeDefined();
  });

  test("that does not exist is refused with a list of stacks that have one", async () => {
    machine.write("Pulumi.lab.yaml", right);
    machine.write("Pulumi.yaml", "name: swarm-farm\n");
    await expect(checkConfiguration(machine.context({ stack: "typo" }))).rejects.toThrow(
      "there is no Pulumi.typo.yaml: copy Pulumi.dev.yaml and change what you like, or name another stack (lab)",
    );
  });

  test.each([
    ["has an encrypted value", "config:\n  swarm-farm:nodes: { manager1: { role: { secure: AAAB } } }\n"],
    ["takes keys from an environment", "environment: [lab]\nconfig: {}\n"],
  ])("that %s is checked by the program, and read by Pulumi", async (_, text) => {
    await expect(check(text)).resolves.toBeUndefined();
    const answer = { "swarm-farm:nodes": { objectValue: nodes, secret: true }, "other:key": { value: "1" } };
    machine.program("pulumi", `echo '${JSON.stringify(answer)}'`);
    await expect(decryptedConfiguration(machine.context())).resolves.toMatchObject({ nodes });
    expect(machine.calls.at(-1)).toBe("pulumi config --json --show-secrets");
  });

  test("is refused if a problem is visible to Pulumi alone", async () => {
    machine.program("pulumi", "echo '{}'");
    await expect(decryptedConfiguration(machine.context())).rejects.toThrow("nodes: is missing");
  });

  test("may not overlap this machine's networks if the farm is on the system's libvirt", async () => {
    const eth0 = { address: "10.77.0.9", cidr: "10.77.0.9/16", family: "IPv4", netmask: "", mac: "", internal: false } as const;
    jest.spyOn(os, "networkInterfaces").mockReturnValue({ eth0: [eth0], "sf-dev": [{ ...eth0, cidr: "10.77.0.1/24" }] });
    await expect(check(right)).resolves.toBeDefined();
    onSystem();
    await expect(check(right)).rejects.toThrow("network.cidr: '10.77.0.0/24' overlaps 10.77.0.9/16 of interface eth0");
  });

  test("of a new farm counts as the system's if the system's libvirt answers", async () => {
    machine.write("Pulumi.dev.yaml", right);
    machine.program("virsh");
    await checkConfiguration(machine.context());
    expect(machine.calls).toEqual(["virsh -q -c qemu:///system version"]);
  });
});

describe("the hypervisors", () => {
  beforeEach(onSystem);

  test("pass if they answer and their networks do not overlap", async () => {
    machine.program("virsh");
    network("192.168.1.5/24");
    await expect(checkHypervisors(machine.context(), parseConfig({ nodes }))).resolves.toBeUndefined();
    expect(machine.calls).toEqual(["virsh -q -c qemu:///system version", "ip -json -4 address"]);
  });

  test("that do not answer, and an overlapping network, are all reported", async () => {
    machine.program("virsh", "echo 'error: failed to connect' >&2; exit 1");
    network("10.77.0.1/16");
    const checked = checkHypervisors(machine.context(), parseConfig({ nodes }));
    await expect(checked).rejects.toThrow(
      "hosts.local.uri: 'qemu:///system' does not answer (failed to connect); check that libvirtd runs there",
    );
    await expect(checked).rejects.toThrow("network.cidr: '10.77.0.0/24' overlaps 10.77.0.1/16 of interface eth0");
  });

  test("ignore the farm's own bridge", async () => {
    const answer = [{ ifname: "sf-dev", addr_info: [{ local: "10.77.0.1", prefixlen: 24 }] }];
    machine.program("ip", `echo '${JSON.stringify(answer)}'`);
    await expect(networksOfHypervisor(machine.context())).resolves.toEqual([]);
  });
});

describe("the capacity of pools", () => {
  beforeEach(onSystem);
  const check = () => checkCapacity(machine.context(), parseConfig({ nodes }));
  const pool = (freeBytes: number, volumes = "") => {
    machine.program(
      "virsh",
      `case $4 in
        pool-info) printf 'Name: x\\nAvailable:      ${String(freeBytes)}\\n' ;;
        vol-list) printf '${volumes}' ;;
      esac`,
    );
  };

  test("is enough for a new node", async () => {
    pool(2 ** 40);
    await expect(check()).resolves.toBeUndefined();
    expect(machine.calls[0]).toBe("virsh -q -c qemu:///system pool-refresh swarm-farm-dev");
  });

  test("that is too small is reported before any upload", async () => {
    pool(1024 ** 2);
    await expect(check()).rejects.toThrow("hosts.local: its pool swarm-farm-dev has 1 MiB free, and manager1 takes 512 MiB");
  });

  test("is not needed by a node whose disk exists", async () => {
    pool(0, " manager1.qcow2   /var/lib/libvirt/x\\n");
    await expect(check()).resolves.toBeUndefined();
  });

  test("is that of the local folder if the pool does not exist yet", async () => {
    machine.program("virsh", "exit 1");
    machine.program("df", "printf '     Avail\\n1048576\\n'");
    await expect(check()).rejects.toThrow("has 1 MiB free");
    machine.program("df", "exit 1");
    await expect(check()).resolves.toBeUndefined();
  });

  test("is unknown on a remote host without a pool", async () => {
    machine.program("virsh", "exit 1");
    machine.program("df", "printf '0\\n'");
    const hosts = { far: { uri: "qemu+ssh://root@far/system" } };
    await expect(checkCapacity(machine.context(), parseConfig({ nodes, hosts }))).resolves.toBeUndefined();
  });

  test("accounts for the files of the built guest image", async () => {
    const cache = machine.context().folders.cache;
    const image = guestImage({ kind: "farm" }, cache, recipes);
    if (image.kind !== "farm") throw new Error("the default image is the farm's own");
    machine.write(join(".cache/swarm-farm/guest", image.key, "disk.qcow2"), "x".repeat(3 * 1024 ** 2));
    pool(1024 ** 2);
    await expect(check()).rejects.toThrow("(images 3, each new node 512)");
    pool(1024 ** 2, ` guest-${image.key}.vmlinuz   /x\\n`);
    await expect(check()).rejects.toThrow("(images 0, each new node 512)");
  });
});
