import { waitUntilConverged } from "../../../../cli/convergence/wait";
import { reasonsOf } from "../../../../cli/engine/progress/reasons";
import { askEarly } from "../../../../cli/look/early";
import { swarmOf } from "../../../../cli/look/look";
import { lookAtVms, refreshArguments } from "../../../../cli/look/step";
import { checkAll } from "../../../../stacks/config";
import { printing, FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
  farm.state("ssh/config", "");
});
afterEach(() => {
  farm.remove();
});

/** Answer of one manager: the service has two tasks, of which as many run as `running` says. */
function manager(running: number, state = "ready", service = "hello"): string {
  const Timestamp = new Date(Date.now() - 60_000).toISOString();
  const task = (Slot: number, State: string) => ({
    ID: `t${String(Slot)}`,
    ServiceID: "s",
    NodeID: "n",
    Slot,
    CreatedAt: Timestamp,
    DesiredState: "running",
    Status: { Timestamp, State },
  });
  const node = {
    ID: "n",
    Spec: { Role: "worker", Availability: "active" },
    Description: { Hostname: "manager1" },
    Status: { State: state },
  };
  const Spec = {
    Name: service,
    Labels: { "swarm-farm.made-by": "swarm-farm/dev" },
    Mode: { Replicated: {} },
    TaskTemplate: {},
  };
  const answers = [
    Math.floor(Date.now() / 1000),
    { Swarm: { Cluster: null } },
    [node],
    [{ ID: "s", Spec, ServiceStatus: { DesiredTasks: 2 } }],
    [task(1, "running"), task(2, running === 2 ? "running" : "starting")],
  ];
  return printing(answers.map((answer) => JSON.stringify(answer)).join("\n"));
}

const outputs = {
  urls: { hello: "http://10.77.0.11:8080", lamp: "https://lamp.example/" },
  nodes: [{ name: "manager1", address: "10.77.0.11" }],
  certificates: {},
};
const silent = { now: () => undefined, say: () => undefined };

test("reports the number of converged services and of routes that answer", async () => {
  farm.programs({ ssh: manager(2), curl: "printf 401" });
  expect(await waitUntilConverged(farm.context(), outputs, 1, silent)).toEqual(["1 converged, 2 routes answer"]);
  expect(farm.calls.sort()[1]).toMatch(/--connect-to ::10\.77\.0\.11: https:\/\/lamp\.example\/$/);
});

test("asks the swarm only if it does not know it yet", async () => {
  farm.programs({ ssh: manager(2), curl: "printf 200", virsh: 'echo " 1 dev.manager1 running"', pulumi });
  const { swarm } = await lookAtVms(farm.context(), config, false);
  farm.programs({ ssh: "exit 255" });
  expect(await waitUntilConverged(farm.context(), outputs, 1, silent, swarm)).toEqual(["1 converged, 2 routes answer"]);
});

test("asks the swarm again if what it knows has not converged", async () => {
  farm.programs({ ssh: manager(1), curl: "printf 200", virsh: 'echo " 1 dev.manager1 running"', pulumi });
  const { swarm } = await lookAtVms(farm.context(), config, false);
  farm.programs({ ssh: manager(2) });
  expect(await waitUntilConverged(farm.context(), outputs, 60, silent, swarm)).toEqual([
    "1 converged, 2 routes answer",
  ]);
});

test("requests routes at the address that survives a node, if there is one, as clients do", async () => {
  farm.programs({ ssh: manager(2), curl: "printf 200" });
  await waitUntilConverged(farm.context(), { ...outputs, addresses: ["10.77.0.250"] }, 1, silent);
  const requests = farm.calls.filter((call) => call.startsWith("curl"));
  expect(requests.map((call) => /--connect-to (\S+)/.exec(call)?.[1])).toEqual(["::10.77.0.250:", "::10.77.0.250:"]);
});

test("requests no page from a published port whose protocol it does not know", async () => {
  farm.programs({ ssh: manager(2), curl: "printf 200" });
  const urls = { shop_database: "tcp://10.77.0.11:5432" };
  expect(await waitUntilConverged(farm.context(), { ...outputs, urls }, 1, silent)).toEqual([
    "1 converged, 0 routes answer",
  ]);
});

test.each([
  ["a task", 1, "200", "service hello: 1 of 2 tasks run (hello.2 on manager1 is 'starting')"],
  ["a route", 2, "502", "route lamp: https://lamp.example/ answers 502"],
])("reports %s that is missing at the timeout, and what to do", async (_, running, code, message) => {
  farm.programs({ ssh: manager(running), curl: `printf ${code}` });
  const waiting = waitUntilConverged(farm.context(), outputs, 0, silent);
  await expect(waiting).rejects.toThrow(message);
  await expect(waiting).rejects.toThrow("./farm doctor");
});

test("waits for a swarm that does not answer, and Ctrl-C ends the wait", async () => {
  farm.programs({ ssh: "echo 'no route' >&2; exit 255" });
  await expect(waitUntilConverged(farm.context(), outputs, 0, silent)).rejects.toThrow(
    "the swarm does not answer: no route",
  );
  const context = farm.context({ signal: AbortSignal.abort() });
  await expect(waitUntilConverged(context, outputs, 600, silent)).rejects.toThrow(/abort/i);
});

test.each([
  ["hello", "hello"],
  ["loadbalancer-server", "loadbalancer"],
  ["stack-my-shop-web-page", "my-shop_web-page"],
])("reports why the service of the resource %s does not converge", async (resource, service) => {
  farm.programs({ ssh: manager(1, "ready", service) });
  const reasons = await reasonsOf(farm.context())(
    new Map([
      ["urn::a", resource],
      ["urn::b", "unknown"],
    ]),
  );
  expect([...reasons]).toEqual([["urn::a", `1 of 2 tasks run (${service}.2 on manager1 is 'starting')`]]);
});

const config = checkAll(
  { nodes: { manager1: { role: "manager" } }, hosts: { local: { uri: "qemu:///system" } } },
  "/",
).config;

/** Pulumi's state with these resources and a service `hello`. */
function state(...names: readonly string[]): string {
  const resources = names.map((name) => ({ urn: `urn:pulumi:dev::swarm-farm::x::${name}`, type: "x" }));
  const spec = { name: "hello", mode: {}, taskSpec: { containerSpec: { image: "i" } } };
  const hello = {
    urn: "urn:pulumi:dev::swarm-farm::x::hello-service",
    type: "docker:index/service:Service",
    inputs: spec,
  };
  return printing(JSON.stringify({ deployment: { resources: [...resources, hello] } }));
}
const pulumi = state("manager1-domain", "manager1-join");

test("starts VMs that are off, and waits for their nodes", async () => {
  farm.programs({ virsh: 'case $* in *list*) echo " - dev.manager1 shut off" ;; esac', ssh: manager(2), pulumi });
  const { note, missing, swarm } = await lookAtVms(farm.context(), config, false);
  expect([note, missing, swarm]).toEqual(["started manager1", [], undefined]);
  expect(farm.calls.filter((call) => call.startsWith("virsh"))).toEqual([
    "virsh -q -c qemu:///system list --all",
    "virsh -q -c qemu:///system net-list --inactive --name",
    "virsh -q -c qemu:///system pool-list --inactive --name",
    "virsh -q -c qemu:///system start dev.manager1",
  ]);
  expect(farm.printed).toMatch(/✓ VMs +started manager1/);
});

test("queries libvirt and one manager once if nothing is missing, and refreshes nothing", async () => {
  farm.programs({ virsh: 'echo " 1 dev.manager1 running"', ssh: manager(1), pulumi });
  const found = await lookAtVms(farm.context(), config, false);
  expect(found.note).toBe("1 run, their nodes are ready");
  expect(farm.calls.map((call) => call.split(" ")[0]).sort()).toEqual(["pulumi", "ssh", "virsh"]);
  expect(await refreshArguments(farm.context(), found, false)).toEqual([]);
});

test("the answer of a look is used for a heartbeat, and not if a hypervisor is away", async () => {
  farm.programs({ virsh: 'echo " 1 dev.manager1 running"', ssh: manager(2), pulumi });
  const found = await lookAtVms(farm.context(), config, false);
  expect(found.swarm?.heartbeatSeconds).toBe(5);
  expect(swarmOf(found, found.at + 4999)).toBe(found.swarm);
  expect(swarmOf(found, found.at + 5000)).toBeUndefined();
  farm.programs({ virsh: "echo 'no route to host' >&2; exit 1" });
  expect((await lookAtVms(farm.context(), config, false)).swarm).toBeUndefined();
});

test("an early answer is used, and one that does not come is asked for again", async () => {
  farm.programs({ virsh: 'echo " 1 dev.manager1 running"', ssh: manager(2), pulumi });
  const early = () => askEarly(farm.context(), new AbortController().signal);
  const questions = () => farm.calls.filter((call) => call.startsWith("ssh")).length;
  const first = early();
  const found = await lookAtVms(farm.context(), config, false, first);
  expect([found.missing, found.at, questions()]).toEqual([[], first?.at, 1]);
  const once = 'if [ ! -e "$here/first" ]; then touch "$here/first"; exit 255; fi';
  farm.programs({ ssh: `${once}; ${manager(2)}` });
  expect((await lookAtVms(farm.context(), config, true, early())).missing).toEqual([]);
  expect(questions()).toBe(3);
});

test("no manager is asked early before the first up, and nobody has to wait for the answer", async () => {
  farm.programs({ ssh: "exit 255" });
  askEarly(farm.context(), AbortSignal.abort());
  await new Promise((resolve) => setTimeout(resolve, 200));
  farm.forget("ssh/config");
  expect(askEarly(farm.context(), AbortSignal.abort())).toBeUndefined();
});

test("does not wait for a lost node if its repair is requested", async () => {
  farm.programs({ virsh: 'echo " 1 dev.manager1 running"', ssh: manager(2, "down"), pulumi });
  expect((await lookAtVms(farm.context(), config, true)).missing).toEqual(["manager1: the swarm reports it as 'down'"]);
});

test("queries nothing before the first up", async () => {
  farm.forget("ssh/config");
  expect((await lookAtVms(farm.context(), config, false)).missing).toEqual([]);
  expect(farm.calls).toEqual([]);
});
