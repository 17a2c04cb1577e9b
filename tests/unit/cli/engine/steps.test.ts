import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineLostDomains, domainsIn } from "../../../../cli/engine/steps/lost-domains";
import { knownInLibvirt, sweepOrphans } from "../../../../cli/engine/steps/orphans";
import { sweepSwarm } from "../../../../cli/engine/steps/swarm-orphans";
import { parseResources, type Resource } from "../../../../cli/pulumi/state";
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

const state = (...resources: readonly object[]): readonly Resource[] =>
  parseResources(JSON.stringify({ deployment: { resources } }));
const urn = (type: string, name: string) => `urn:pulumi:dev::swarm-farm::${type}::${name}`;
const libvirt = (kind: string, name: string) => ({
  urn: urn(`libvirt:index/${kind}:X`, name),
  type: `libvirt:index/${kind}:X`,
  outputs: { name },
});

/** A libvirt with one of each of the farm's, and others beside them. */
const virsh = `case "$*" in
  *"vol-list swarm-farm-dev") printf ' half.qcow2  /pool/half\\n seed.iso /pool/seed\\n' ;;
  *"net-list"*|*"pool-list"*) printf 'default\\nswarm-farm-dev\\n' ;;
  *"list --all --name") printf 'dev.manager1\\ndev.worker9\\nother.vm\\n\\n' ;;
esac`;
const removals = () =>
  farm.calls
    .filter((call) => /undefine|delete|destroy/.test(call))
    .map((call) => call.replace("virsh -q -c qemu:///system ", ""));

test("removes orphans of an interrupted run from libvirt, and keeps resources of the state", async () => {
  farm.programs({ virsh });
  await sweepOrphans(
    farm.context(),
    state(libvirt("pool", "swarm-farm-dev"), libvirt("domain", "dev.manager1"), libvirt("cloudinitDisk", "seed.iso")),
  );
  expect(removals()).toEqual([
    "destroy dev.worker9",
    "undefine dev.worker9 --nvram",
    "vol-delete --pool swarm-farm-dev half.qcow2",
    "net-destroy swarm-farm-dev",
    "net-undefine swarm-farm-dev",
  ]);
  expect(farm.printed.split("\n")).toEqual([
    "removed what an interrupted run left: VM dev.worker9",
    "removed what an interrupted run left: volume half.qcow2",
    "removed what an interrupted run left: network swarm-farm-dev",
    "",
  ]);
});

test("removes nothing from a libvirt that has no pool of the farm in the state: another user may own the name", async () => {
  farm.programs({ virsh });
  await sweepOrphans(farm.context(), state(libvirt("domain", "dev.manager1")));
  expect(farm.calls).toEqual([]);
});

test("removes nothing from a libvirt that does not answer", async () => {
  farm.programs({ virsh: "echo 'error: no connection' >&2; exit 1" });
  await sweepOrphans(farm.context(), state(libvirt("pool", "swarm-farm-dev")));
  expect(farm.printed).toBe("");
});

test("lists a seed as a volume", () => {
  expect([...knownInLibvirt(state(libvirt("cloudinitDisk", "a"), libvirt("pool", "b")))]).toEqual([
    "volume a",
    "pool b",
  ]);
});

const provider = {
  urn: urn("pulumi:providers:libvirt", "local-libvirt"),
  type: "pulumi:providers:libvirt",
  inputs: { uri: "qemu:///system" },
};
const domain = (name: string) => ({
  ...libvirt("domain", name),
  type: "libvirt:index/domain:Domain",
  id: `id-${name}`,
  provider: `${provider.urn}::uuid`,
});

test("defines an empty VM instead of a missing one, with its id", async () => {
  farm.programs({
    virsh: `case "$*" in *list*) echo " 1 dev.manager1 running" ;; *) for file; do :; done; cat "$file" >>"$here/defined" ;; esac`,
  });
  const domains = state(provider, domain("dev.manager1"), domain("dev.worker1"));
  expect(domainsIn(domains)[1]).toEqual({ uri: "qemu:///system", name: "dev.worker1", id: "id-dev.worker1" });
  await defineLostDomains(farm.context(), domains);
  expect(farm.printed).toBe("libvirt had no domain dev.worker1 any more\n");
  // It opens the file: a socket, as Node.js gives a program, is none that can be opened.
  expect(readFileSync(join(farm.home, "defined"), "utf8")).toContain("<name>dev.worker1</name>");
});

test("defines no VM on a hypervisor that does not answer", async () => {
  farm.programs({ virsh: "exit 1" });
  await defineLostDomains(farm.context(), state(provider, domain("dev.worker1")));
  expect(farm.calls).toHaveLength(1);
});

const docker = { urn: urn("pulumi:providers:docker", "swarm-docker"), type: "pulumi:providers:docker" };
const service = {
  urn: urn("docker:index/service:Service", "hello-service"),
  type: "docker:index/service:Service",
  outputs: { name: "hello" },
};
const ssh = `case "$*" in
  *"docker service ls --filter label=swarm-farm.made-by=swarm-farm/dev --"*) printf 'hello\\nleft\\n' ;;
  *"docker config ls --filter label=swarm-farm.made-by=swarm-farm/dev --"*) echo left-config ;;
  *" ls --filter label=swarm-farm.made-by=swarm-farm/dev --"*) ;;
  *" ls "*) echo of-another ;;
esac`;

test("removes objects of this project and stack from the swarm that are not in the state", async () => {
  farm.programs({ ssh });
  await sweepSwarm(farm.context(), state(docker, service));
  const removed = farm.calls.flatMap((call) => /docker \w+ rm \S+/.exec(call) ?? []);
  expect(removed).toEqual(["docker service rm left", "docker config rm left-config"]);
  expect(farm.printed).toBe(
    "removed what an interrupted run left: service left\nremoved what an interrupted run left: config left-config\n",
  );
});

test("leaves a swarm alone that does not answer or does not exist yet", async () => {
  farm.programs({ ssh: "exit 255" });
  await sweepSwarm(farm.context(), state(docker, service));
  expect(farm.printed).toBe("");
  const before = farm.calls.length;
  await sweepSwarm(farm.context(), state(service));
  expect(farm.calls).toHaveLength(before);
});
