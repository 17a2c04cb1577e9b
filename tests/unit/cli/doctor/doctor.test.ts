import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { examine, repairs, summary } from "../../../../cli/doctor/doctor";
import { FakeFarm } from "../fake-farm";

const urn = (name: string) => `urn:pulumi:dev::swarm-farm::x::${name}`;
const names = ["manager1", "worker1"].flatMap((node) => [`${node}-domain`, `${node}-join`]);
const state = {
  deployment: {
    resources: [
      ...[...names, "worker1-label-db", "hello-converged"].map((name) => ({ urn: urn(name), type: "x" })),
      {
        urn: urn("hello-service"),
        type: "docker:index/service:Service",
        inputs: {
          name: "hello",
          mode: { replicated: { replicas: 2 } },
          taskSpec: { containerSpec: { image: "hello@sha256:1" } },
        },
      },
    ],
  },
};

const node = (name: string, role: string, labels: object, is = "ready") => ({
  Spec: { Role: role, Availability: "active", Labels: labels },
  Description: { Hostname: name },
  Status: { State: is },
});
const service = {
  Spec: {
    Name: "hello",
    Mode: { Replicated: { Replicas: 2 } },
    TaskTemplate: { ContainerSpec: { Image: "hello@sha256:1" } },
  },
};
const df = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 100 10 90 10% /";

let farm: FakeFarm;

/** A farm of two nodes that is as it was made, but for what is given. */
function prepare({ worker = node("worker1", "worker", { db: "true" }), virsh = "", disk = df } = {}): void {
  farm.configure(`config:
  swarm-farm:nodes: { manager1: { role: manager }, worker1: { role: worker, labels: { db: "true" } } }
`);
  farm.write("swarm", `${JSON.stringify([node("manager1", "manager", {}), worker])}\n${JSON.stringify([service])}\n`);
  farm.write("state", JSON.stringify(state));
  farm.write("df", disk);
  farm.program("pulumi", `did "$@"; cat "$FARM/state"`);
  farm.program(
    "virsh",
    `${virsh}
    case "$*" in
      *'list --all'*) printf ' 1  dev.manager1  running\\n 2  dev.worker1  running\\n' ;;
      *vol-list*) for name in manager1 worker1; do echo "$name.qcow2 /x"; echo "$name-seed.iso /x"; done ;;
      *pool-info*) printf 'Capacity: 1000\\nAvailable: 900\\n' ;;
    esac`,
  );
  farm.ssh(`case $node:$line in
    any.manager:*/nodes*/services) cat "$FARM/swarm" ;;
    *:df*) cat "$FARM/df" ;;
    *+now*) echo now=1 ;;
    *) exit 9 ;;
  esac`);
}

beforeEach(() => {
  farm = new FakeFarm(["manager1"], ["worker1"]);
});

afterEach(() => {
  farm.end();
});

test("a farm that is as the last up left it has nothing wrong", async () => {
  prepare();
  const diagnosis = await examine(farm.context());
  expect(summary(diagnosis)).toBe("nothing is wrong: 2 nodes and 1 services are as the last up left them");
  expect(await repairs(farm.context())).toEqual([]);
  // The state is read once each time, and the configuration by no Pulumi.
  expect(farm.done()).toEqual(["stack export", "stack export"]);
});

test("each finding has a line, with the command that puts it right where up --refresh does not", async () => {
  prepare({ worker: node("worker1", "manager", {}), disk: df.replace("10 90 10%", "95 5 95%") });
  const lines = summary(await examine(farm.context())).split("\n");
  expect(lines).toEqual([
    "✗ worker1: its role is 'manager', not 'worker': ./farm docker node demote worker1",
    "✗ worker1: its label db is gone",
    expect.stringMatching(/^✗ manager1: its disk is nearly full, 5 % .*: \.\/farm ssh manager1 docker system df/),
    expect.stringMatching(/^✗ worker1: its disk is nearly full, 5 % /),
    "./farm up --refresh puts right what has no command beside it",
  ]);
  expect(await repairs(farm.context())).toEqual(["--replace", urn("worker1-label-db")]);
});

test("a hypervisor that does not answer is a finding, and what the swarm says is still compared", async () => {
  prepare({ virsh: "echo 'error: failed to connect' >&2; exit 1" });
  const { findings } = await examine(farm.context());
  expect(findings.map(({ what }) => what)).toEqual([
    "hypervisor 'local' does not answer: failed to connect; its nodes cannot be checked",
  ]);
});

test("so is the farm's own libvirt that does not run", async () => {
  prepare();
  mkdirSync(farm.folders.state, { recursive: true });
  writeFileSync(join(farm.folders.state, "hypervisor"), "isolated\n");
  const { findings } = await examine(farm.context());
  expect(findings.map(({ what }) => what)).toEqual([
    expect.stringMatching(/^hypervisor 'local' does not answer: the farm's hypervisor is not running/),
    "the swarm does not answer: the farm's hypervisor is not running: ./farm up starts it",
  ]);
  expect(await repairs(farm.context())).toEqual([]);
});

test("a swarm that does not answer is a finding with its reason", async () => {
  prepare();
  farm.ssh(`case $line in */nodes*) echo 'The swarm does not have a leader.' >&2; exit 22 ;; *) exit 255 ;; esac`);
  const { findings } = await examine(farm.context());
  expect(findings).toEqual([{ what: "the swarm does not answer: The swarm does not have a leader." }]);
});

test("a wrong configuration is an error with every problem", async () => {
  prepare();
  farm.configure("config: { 'swarm-farm:nodes': { manager1: { role: boss } } }\n");
  await expect(examine(farm.context())).rejects.toThrow("nodes.manager1.role");
});

test("a farm that is not built yet needs no repair, and Pulumi is not asked", async () => {
  const none = new FakeFarm([]);
  expect(await repairs(none.context())).toEqual([]);
  expect(none.done()).toEqual([]);
  none.end();
});
