import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostUris } from "../../../../cli/hypervisor/hosts";
import { virsh, virshSucceeds } from "../../../../cli/hypervisor/virsh";
import { domainState } from "../../../../cli/recover/vms";
import { FakeFarm } from "../../../support/fake-farm";

const uri = "qemu:///system";
let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1"]);
});

afterEach(() => {
  farm.remove();
});

test("virsh returns the output, or fails with libvirt's error", async () => {
  farm.program(
    "virsh",
    `if [ "$4" = list ]; then echo "$@"; else echo 'warning: x' >&2; echo 'error: no pool' >&2; exit 1; fi`,
  );
  await expect(virsh(farm.context(), uri, "list", "--all")).resolves.toBe(`-q -c ${uri} list --all\n`);
  await expect(virsh(farm.context(), uri, "pool-info", "x")).rejects.toThrow(/^no pool$/);
  await expect(virshSucceeds(farm.context(), uri, "list")).resolves.toBe(true);
  await expect(virshSucceeds(farm.context(), uri, "pool-info", "x")).resolves.toBe(false);
});

test("a virsh that fails without a message is reported by its status", async () => {
  farm.program("virsh", "exit 1");
  await expect(virsh(farm.context(), uri, "list")).rejects.toThrow("virsh ended with 1");
});

test("an isolated hypervisor that does not run is reported", async () => {
  mkdirSync(farm.folders.state, { recursive: true });
  writeFileSync(join(farm.folders.state, "hypervisor"), "isolated\n");
  await expect(virsh(farm.context(), uri, "list")).rejects.toThrow("the farm's hypervisor is not running");
  await expect(virshSucceeds(farm.context(), uri, "list")).resolves.toBe(false);
});

test.each([
  ["none", "config: {}\n", { local: uri }],
  ["an empty map", "config: { 'swarm-farm:hosts': {} }\n", { local: uri }],
  ["two", "config: { 'swarm-farm:hosts': { a: { uri: x }, b: { uri: y, vxlan: 1 } } }\n", { a: "x", b: "y" }],
])("reads the hypervisors of a configuration with %s, whatever else it contains", (_, text, uris) => {
  farm.configure(text);
  expect(hostUris(farm.context())).toEqual(uris);
});

test("a configuration without a URI, or that cannot be read, is refused", () => {
  farm.configure("config: { 'swarm-farm:hosts': { a: { url: x } } }\n");
  expect(() => hostUris(farm.context())).toThrow("Pulumi.dev.yaml: each entry of 'hosts' needs a 'uri'");
  expect(() => hostUris(farm.context({ stack: "lab" }))).toThrow("there is no Pulumi.lab.yaml");
});

test("domainState returns the state that a VM's hypervisor reports", async () => {
  farm.program("virsh", `case "$*" in *'dominfo dev.manager1') ;; *domstate*) echo 'shut off' ;; *) exit 1 ;; esac`);
  await expect(domainState(farm.context(), "manager1")).resolves.toBe("shut off");
  await expect(domainState(farm.context(), "manager2")).resolves.toBeUndefined();
});
