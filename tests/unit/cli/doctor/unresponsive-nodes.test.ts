import { spawnSync } from "node:child_process";
import { scripts } from "../../../../cli/doctor/scripts";
import { askCertificates, expired } from "../../../../cli/doctor/certificates";
import { diskFindings } from "../../../../cli/doctor/disk";
import { askHosts, askSwarm } from "../../../../cli/doctor/facts";
import { parseState } from "../../../../cli/doctor/state";
import { parseConfig } from "../../../../stacks/config";
import { planFarm } from "../../../../infra/net/plan";
import { FakeFarm } from "../../../support/fake-farm";

const signal = new AbortController().signal;
const plan = planFarm(parseConfig({ nodes: { manager1: { role: "manager" }, worker1: { role: "worker" } } }), "dev");

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1"], ["worker1"]);
});

afterEach(() => {
  farm.remove();
});

test("a node that does not answer has no certificates, and the others still have theirs", async () => {
  farm.ssh(`case $node in manager1) echo now=1000 ;; *) exit 255 ;; esac`);
  const found = await askCertificates(farm.context(), ["worker1", "manager1"]);
  expect(found).toEqual([{ node: "manager1", now: new Date(1_000_000) }]);
  expect(expired(found)).toEqual([]);
});

test("certificates.sh prints the time alone on a node that is in no swarm and has no clock check", () => {
  const { status, stdout } = spawnSync(
    "sh",
    ["-c", scripts("certificates.sh", {}).replaceAll("/var/lib", "/nowhere")],
    {
      encoding: "utf8",
    },
  );
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^now=\d+\n/)]);
});

test("reports full disks of nodes and pools, and leaves out those that do not answer", async () => {
  const df = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 100 95 5 95% /";
  farm.ssh(`case $node in worker1) echo '${df}' ;; *) exit 255 ;; esac`);
  farm.program("virsh", `printf 'Capacity: 100\\nAvailable: 1\\n'`);
  const found = await diskFindings(farm.context(), plan);
  expect(found.map(({ what }) => what.split(",")[0])).toEqual([
    "worker1: its disk is nearly full",
    expect.stringMatching(/^hosts\.local: the disk of its pool \S+ is nearly full$/),
  ]);
  farm.program("virsh", "exit 1");
  expect(await diskFindings(farm.context(), plan)).toHaveLength(1);
});

test("a hypervisor without the farm's pool has VMs and no volumes", async () => {
  farm.program(
    "virsh",
    `case $4 in list) echo ' -  dev.worker1  shut off' ;; *) echo 'error: no pool' >&2; exit 1 ;; esac`,
  );
  const { away, domains, volumes } = await askHosts(farm.context(), { local: { uri: "qemu:///system" } });
  expect([[...away], [...domains], [...volumes]]).toEqual([[], [["dev.worker1", "shut off"]], []]);
});

test.each([
  ["echo 'Error: no leader' >&2; exit 22", "Error: no leader"],
  ["exit 255", "ssh ended with 255"],
])("a swarm that does not answer has a reason: %s", async (body, reason) => {
  farm.ssh(body);
  expect(await askSwarm(farm.context(), signal)).toBe(reason);
});

test("an aborted query returns at once", async () => {
  farm.ssh("exec sleep 20");
  expect(await askSwarm(farm.context(), AbortSignal.timeout(50))).toBe("no answer in 180 s");
});

describe("the state", () => {
  const service = (name: string, mode: object, labels: readonly string[] = []) => ({
    urn: `urn:pulumi:dev::swarm-farm::x::${name}-service`,
    type: "docker:index/service:Service",
    inputs: {
      name,
      mode,
      taskSpec: { containerSpec: { image: `${name}:1` } },
      labels: labels.map((label) => ({ label, value: "true" })),
    },
  });
  const stack = { urn: "urn:s", type: "pulumi:pulumi:Stack", outputs: { certificates: { registry: "2030-01-01" } } };
  const issue = {
    urn: "urn:pulumi:dev::swarm-farm::x::registry-certificate",
    type: "command:local:Command",
    created: "2026-01-01T00:00:00Z",
    inputs: { environment: { NAMES: "a", COMMON: "b" } },
  };
  const known = parseState(
    JSON.stringify({
      deployment: {
        resources: [
          stack,
          issue,
          { urn: "urn:pulumi:dev::swarm-farm::x::farm", type: "swarm-farm:libvirt:Farm" },
          service("hello", { replicated: { replicas: 3 } }),
          service("proxy", { global: {} }),
          service("web", { replicated: { replicas: 3 } }, ["swarm-farm.autoscale"]),
          service("report", { replicated: { replicas: 0 } }, ["swarm.cronjob.enable"]),
        ],
      },
    }),
  );

  test("has services with the replicas that Pulumi manages", () => {
    expect(known.services).toEqual([
      { name: "hello", wait: "hello-converged", replicas: 3, image: "hello:1" },
      { name: "proxy", wait: "proxy-converged", replicas: undefined, image: "proxy:1" },
      { name: "web", wait: "web-converged", image: "web:1" },
      { name: "report", wait: "report-converged", image: "report:1" },
    ]);
  });

  test("has certificates with their age and expiry, and no components", () => {
    expect(known.expiries).toEqual({ registry: "2030-01-01" });
    expect([...(known.issued ?? [])]).toEqual([[issue.urn, Date.parse(issue.created)]]);
    expect(known.urns.has("farm")).toBe(false);
    expect(known.urns.get("registry-certificate")).toBe(issue.urn);
  });
});

test.each([
  ["cut off", `echo '[{"Spec"'`, /^docker on a manager: its answer to '\/nodes' is cut off, or no JSON: try again/],
  [
    "of another form",
    "echo '{}'; echo '[]'",
    /^docker on a manager: its answer to '\/nodes' has a form that this version does not know \(/,
  ],
  [
    "a refusal",
    `echo '{"message": "The swarm does not have a leader"}'; echo '[]'`,
    "docker on a manager refuses '/nodes': The swarm does not have a leader",
  ],
])("an answer of Docker that is %s is the reason that the swarm does not answer", async (_, answer, reason) => {
  farm.ssh(answer);
  const swarm = await askSwarm(farm.context(), signal);
  if (typeof reason === "string") expect(swarm).toBe(reason);
  else expect(swarm).toMatch(reason);
});

test("a service without containers has no image, and does not hide other services", async () => {
  const service = (name: string, template: object) => ({
    ID: name,
    Spec: { Name: name, Mode: { Global: {} }, TaskTemplate: template },
  });
  const services = [service("plugin", { PluginSpec: {} }), service("hello", { ContainerSpec: { Image: "hello:1" } })];
  farm.ssh(`echo '[]'; echo '${JSON.stringify(services)}'`);
  expect(await askSwarm(farm.context(), signal)).toEqual({
    nodes: new Map(),
    nameless: [],
    services: new Map([
      ["plugin", { replicas: undefined, image: undefined }],
      ["hello", { replicas: undefined, image: "hello:1" }],
    ]),
  });
});
