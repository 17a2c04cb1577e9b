import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SetUp } from "../../../../cli/commands/set-up";
import { up } from "../../../../cli/commands/up";
import { checkAll } from "../../../../stacks/config";
import { FakeFarm, printing } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
  farm.configure();
  farm.state("hypervisor", "system\n");
});
afterEach(() => {
  farm.remove();
});

const { config } = checkAll(
  {
    nodes: { manager1: { role: "manager", host: "local" }, worker1: { role: "worker", host: "second" } },
    hosts: {
      local: { uri: "qemu:///system", address: "192.168.1.10", gateway: "10.77.0.1" },
      second: { uri: "qemu+ssh://second/system", address: "192.168.1.11", gateway: "10.77.0.2" },
    },
  },
  "/",
);

const setUp: SetUp = {
  all: () => Promise.resolve(config),
  configuration: () => Promise.resolve(config),
  decrypted: () => Promise.resolve(config),
  hypervisors: () => Promise.resolve(),
  capacity: () => Promise.resolve(),
};

/** A manager's answer: one service with a task on worker1, which is in this state. */
function swarm(worker: string, task: string): string {
  const Timestamp = new Date(Date.now() - 600_000).toISOString();
  const node = (ID: string, Hostname: string, State: string) => ({
    ID,
    Spec: { Role: "worker", Availability: "active" },
    Description: { Hostname },
    Status: { State },
  });
  const Spec = {
    Name: "hello",
    Labels: { "swarm-farm.made-by": "swarm-farm/dev" },
    Mode: { Replicated: {} },
    TaskTemplate: {},
  };
  const one = { ID: "t", ServiceID: "s", NodeID: "w", Slot: 1, CreatedAt: Timestamp, DesiredState: "running" };
  const answers = [
    Math.floor(Date.now() / 1000),
    { Swarm: { Cluster: null } },
    [node("m", "manager1", "ready"), node("w", "worker1", worker)],
    [{ ID: "s", Spec, ServiceStatus: { DesiredTasks: 1 } }],
    [{ ...one, Status: { Timestamp, State: task } }],
  ];
  return printing(answers.map((answer) => JSON.stringify(answer)).join("\n"));
}

const resource = (type: string, name: string) => ({ urn: `urn:pulumi:dev::swarm-farm::${type}::${name}`, type });
const output = {
  urls: {},
  nodes: ["manager1", "worker1"].map((name, at) => ({ name, role: "manager", address: `10.0.0.${String(at + 1)}` })),
};
const resources = [
  { ...resource("pulumi:pulumi:Stack", "swarm-farm-dev"), outputs: output },
  ...["manager1", "worker1"].flatMap((name) => [
    resource("libvirt:index/domain:Domain", `${name}-domain`),
    resource("command:remote:Command", `${name}-join`),
  ]),
];

const empty = '{"summaryEvent":{"durationSeconds":2,"resourceChanges":{"same":3}}}\n{"cancelEvent":{}}\n';

/** A farm whose previews find nothing; `onPreview` runs at the end of each. */
function built({ ssh, virsh, onPreview = "" }: { ssh: string; virsh: string; onPreview?: string }): void {
  farm.write("events", empty);
  farm.state("ssh/config", "");
  farm.state("ssh/id_ed25519", "");
  farm.programs({
    virsh,
    ssh: `case "$*" in *"df -Pk"*) echo "/dev/vda 1000 100 900 10% /" ;; *) ${ssh}
;; esac`,
    pulumi: `case "$1 $2" in
"stack output") [ "$3" != sshFiles ] || { echo '{}'; exit; }
${printing(JSON.stringify(output))}
;;
"stack export") ${printing(JSON.stringify({ deployment: { resources } }))}
;;
*) for arg; do [ "$previous" != --event-log ] || cp "$here/events" "$arg"; previous=$arg; done
case $1 in preview) ${onPreview}
:;; esac ;;
esac`,
  });
}
const running = 'printf " 1 dev.manager1 running\\n 2 dev.worker1 running\\n"';

const run = () => up(setUp).run(farm.context(), { arguments: ["--yes"], options: {} });

test("an up without changes updates nothing, and asks one manager once", async () => {
  built({ ssh: swarm("ready", "running"), virsh: running });
  await run();
  const before = farm.calls.length;
  farm.printed = "";
  await run();
  expect(farm.printed).toMatch(/nothing to update\n✓ services +1 converged, 0 routes answer/);
  const calls = farm.calls.slice(before);
  expect(calls.filter((call) => call.startsWith("ssh") && !call.includes("df -Pk"))).toHaveLength(1);
  expect(calls.filter((call) => call.startsWith("pulumi up"))).toEqual([]);
});

test("an up that is refused leaves no look at disks behind", async () => {
  built({ ssh: swarm("ready", "running"), virsh: running, onPreview: "exit 3" });
  farm.programs({
    ssh: `case "$*" in *"df -Pk"*) echo $$ >>"$here/left"; exec sleep 15 ;; *) ${swarm("ready", "running")}
;; esac`,
  });
  // Another run has the lock.
  farm.write(
    "backend/.pulumi/locks/organization/swarm-farm/dev/a.json",
    JSON.stringify({ pid: 1, hostname: "elsewhere" }),
  );
  await expect(up(setUp).run(farm.context(), { arguments: ["--yes"], options: {} })).rejects.toThrow("is locked");
  await sleep(500);
  const pids = existsSync(join(farm.home, "left"))
    ? readFileSync(join(farm.home, "left"), "utf8").trim().split("\n").map(Number)
    : [];
  const left = pids.filter((pid) => existsSync(`/proc/${String(pid)}`));
  for (const pid of left) process.kill(pid);
  expect(left).toEqual([]);
});

test("a look at disks that fails ends no update", async () => {
  built({ ssh: swarm("ready", "running"), virsh: running });
  await run();
  built({ ssh: swarm("ready", "running"), virsh: running, onPreview: "sleep 1" });
  farm.programs({
    virsh: `case "$*" in *pool-info*) exit 1 ;; *) ${running} ;; esac`,
    ssh: `case "$*" in *"df -Pk"*) kill -9 $$ ;; *) ${swarm("ready", "running")}\n;; esac`,
  });
  farm.printed = "";
  await run();
  expect(farm.printed).toContain("nothing to update");
});
