import fc from "fast-check";
import { examine, repairs, summary } from "../../../../cli/doctor/doctor";
import { keepRehearsal } from "../../../../cli/doctor/rehearsal";
import { settle, unsettle } from "../../../../cli/pulumi/settled";
import { FakeFarm, printing } from "../../../support/fake-farm";

const nodes = ["manager1", "worker1"] as const;
const urn = (type: string, name: string) => `urn:pulumi:dev::swarm-farm::${type}::${name}`;

const resources = [
  { urn: urn("pulumi:pulumi:Stack", "swarm-farm-dev"), type: "pulumi:pulumi:Stack", outputs: {} },
  ...nodes.flatMap((node) =>
    ["domain", "join", "seed"].map((part) => ({
      urn: urn("x", `${node}-${part}`),
      type: "x",
      inputs: {},
      outputs: {},
    })),
  ),
  {
    urn: urn("docker:index/service:Service", "hello-service"),
    type: "docker:index/service:Service",
    inputs: { name: "hello", mode: { replicated: { replicas: 2 } }, taskSpec: { containerSpec: { image: "hello:1" } } },
    outputs: {},
  },
];

const members = nodes.map((Hostname) => ({
  ID: Hostname,
  Spec: { Role: Hostname === "manager1" ? "manager" : "worker", Availability: "active" },
  Description: { Hostname },
  Status: { State: "ready" },
}));
const hello = (replicas: number) => ({
  ID: "hello",
  Spec: {
    Name: "hello",
    Mode: { Replicated: { Replicas: replicas } },
    TaskTemplate: { ContainerSpec: { Image: "hello:1" } },
  },
});

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1"], ["worker1"]);
  farm.configure("config: { 'swarm-farm:nodes': { manager1: { role: manager }, worker1: { role: worker } } }\n");
  farm.program("pulumi", printing(JSON.stringify({ deployment: { resources } })));
  answers();
});

afterEach(() => {
  farm.remove();
});

interface Answers {
  readonly domains?: readonly string[];
  readonly volumes?: readonly string[];
  readonly members?: readonly object[];
  readonly services?: readonly object[];
}

const allVolumes = nodes.flatMap((node) => [`${node}.qcow2`, `${node}-seed.iso`]);

/** Answers of libvirt and the swarm; a farm as the last `up` left it where nothing else is given. */
function answers({
  domains = ["running", "running"],
  volumes = allVolumes,
  members: listed = members,
  services = [hello(2)],
}: Answers = {}): void {
  const list = domains.map((state, at) => ` ${String(at + 1)}  dev.${nodes[at] ?? ""}  ${state}`).join("\n");
  farm.program(
    "virsh",
    `case " $* " in
       *" list "*) ${printing(`${list}\n`)}
       ;;
       *" vol-list "*) ${printing(volumes.map((name) => ` ${name}  /pool/${name}\n`).join(""))}
       ;;
       *) printf 'Capacity: 100\\nAvailable: 90\\n' ;;
     esac`,
  );
  farm.ssh(
    `case $line in
       *services*) ${printing(`${JSON.stringify(listed)}\n${JSON.stringify(services)}\n`)}
       ;;
       *df*) echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'; echo '/dev/vda 100 10 90 10% /' ;;
       *) echo now=1000000000 ;;
     esac`,
  );
}

const report = async () => summary(await examine(farm.context()));

test("the last rehearsal of a restore is a line, or a finding where it failed", async () => {
  const rehearsal = { at: "2026-11-29T04:00:00Z", source: "a snapshot", rpoSeconds: 60, rtoSeconds: 60 };
  keepRehearsal(farm.context(), { ...rehearsal, problems: [] });
  expect(await report()).toMatch(/^nothing is wrong: .*\na restore was rehearsed on 2026-11-29T04:00:00Z and passed/);
  keepRehearsal(farm.context(), { ...rehearsal, problems: ["routes: 502"] });
  expect(await report()).toContain(
    "✗ the rehearsal of a restore on 2026-11-29T04:00:00Z failed: routes: 502: ./farm restore",
  );
});

test("reports nothing and replaces nothing on a farm without drift", async () => {
  expect(await report()).toBe("nothing is wrong: 2 nodes and 1 service are as the last up left them");
  expect(await repairs(farm.context())).toEqual([]);
});

test("names an update that has not succeeded, until one does", async () => {
  unsettle(farm.context());
  expect(await report()).toMatch(
    /^✗ the update that began on 20\S+Z has not succeeded: wait for it, or \.\/farm up goes on$/m,
  );
  settle(farm.context());
  expect(await report()).toMatch(/^nothing is wrong/);
});

test("prints a line with a remedy for every difference, from VM to service", async () => {
  answers({
    domains: ["running", "shut off"],
    volumes: allVolumes.filter((name) => name !== "worker1-seed.iso"),
    members: [{ ...members[0], Spec: { Role: "manager", Availability: "drain" } }],
    services: [hello(5), { ID: "other", Spec: { Name: "other", Mode: { Global: {} }, TaskTemplate: {} } }],
  });
  expect((await report()).split("\n")).toEqual([
    "✗ worker1: its disk worker1-seed.iso is gone",
    "✗ manager1: its availability is 'drain', not 'active': ./farm docker node update --availability active manager1",
    "✗ service hello: has 5 replicas, not 2",
    "./farm up --refresh puts right what has no command beside it",
  ]);
});

test("replaces by name resources that a refresh does not see: a missing seed, a node that left", async () => {
  answers({
    volumes: allVolumes.filter((name) => name !== "manager1-seed.iso"),
    members: members.slice(0, 1),
  });
  expect(await repairs(farm.context())).toEqual([
    "--replace",
    urn("x", "manager1-domain"),
    "--replace",
    urn("x", "manager1-seed"),
    "--replace",
    urn("x", "worker1-join"),
  ]);
});

test("before the first up doctor queries nothing and replaces nothing", async () => {
  farm.forget("ssh/managers");
  expect(await repairs(farm.context())).toEqual([]);
  expect(farm.calls).toEqual([]);
});

test("a swarm that does not answer is one finding beside those of libvirt", async () => {
  farm.ssh("echo 'ssh: connect to host 10.77.0.11 port 22: No route to host' >&2; exit 255");
  expect((await report()).split("\n").slice(0, -1)).toEqual([
    "✗ the swarm does not answer: ssh: connect to host 10.77.0.11 port 22: No route to host",
  ]);
});

test("the summary has a line for each finding, with its command if it has one", () => {
  const finding = fc.record({ what: fc.lorem(), byHand: fc.option(fc.lorem(), { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(finding, { minLength: 1 }), (findings) => {
      const lines = summary({ findings, nodes: 1, services: 1 }).split("\n");
      expect(lines).toHaveLength(findings.length + 1);
      for (const [at, { what, byHand }] of findings.entries())
        expect(lines[at]).toBe(byHand === undefined ? `✗ ${what}` : `✗ ${what}: ${byHand}`);
    }),
  );
});

test("has the configuration from Pulumi where an encrypted value is refused as the text that stands for it", async () => {
  const nodesOf = { manager1: { role: "manager" }, worker1: { role: "worker" } };
  farm.configure(
    `config: { 'swarm-farm:nodes': ${JSON.stringify(nodesOf)}, 'swarm-farm:monitoring': { alerts: { receivers: { pager: { webhook: { url: { secure: AAAB } } } } } } }\n`,
  );
  const receivers = { pager: { webhook: { url: "https://pager.example.com/farm" } } };
  const values = { nodes: nodesOf, monitoring: { alerts: { receivers } } };
  const answer = Object.fromEntries(
    Object.entries(values).map(([key, objectValue]) => [
      `swarm-farm:${key}`,
      { objectValue, value: JSON.stringify(objectValue) },
    ]),
  );
  farm.program(
    "pulumi",
    `if [ "$1" = config ]; then\n${printing(JSON.stringify(answer))}\nelse\n${printing(JSON.stringify({ deployment: { resources } }))}\nfi`,
  );
  expect((await examine(farm.context())).findings).toEqual([]);
  expect(farm.calls).toContain("pulumi config --json --show-secrets");
});
