import * as docker from "@pulumi/docker";
import { swarmResourceOptions } from "../../infra/service/swarm-resource-options";
import type { Swarm } from "../../infra/swarm/swarm";
import { withNames } from "../support/configs";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";
import { registry, swarmOf } from "../support/samples";
import { report } from "../support/states";

const raw = {
  nodes: {
    ...nodes("manager1", "manager2", "manager3"),
    worker1: { role: "worker", labels: { db: "true", disk: "ssd" }, availability: "drain" },
  },
};

function nodes(...names: readonly string[]): object {
  return withNames(...names).nodes as object;
}

let swarm: Swarm;
let resources: Registered[];

beforeAll(async () => {
  resources = await record(() => {
    swarm = swarmOf(raw);
  });
});

test("a swarm is reports, one init, a token, members, labels and a provider", () => {
  const all = ["manager1", "manager2", "manager3", "worker1"];
  expect(listing(resources.filter(({ parent }) => parent === "swarm"))).toEqual(
    [
      ...all.map((node) => `swarm > ${node}-report: command:remote:Command`),
      ...all.map((node) => `swarm > ${node}-power: command:local:Command`),
      "swarm > swarm-certificate-expiry: command:local:Command",
      "swarm > swarm-init: command:remote:Command",
      "swarm > swarm-settings: command:local:Command",
      "swarm > swarm-worker-token: command:local:Command",
      ...all.map((node) => `swarm > ${node}-join: command:local:Command`),
      ...all.map((node) => `swarm > ${node}-ready: command:local:Command`),
      "swarm > worker1-availability: command:local:Command",
      "swarm > worker1-label-db: command:local:Command",
      "swarm > worker1-label-disk: command:local:Command",
      "swarm > swarm-docker: pulumi:providers:docker",
    ].sort(),
  );
});

test("the certificate expiry is set before any node joins, and on existing farms too", () => {
  const { inputs, dependsOn } = find(resources, "swarm-certificate-expiry");
  expect(inputs.create).toContain("docker swarm update --cert-expiry 87600h");
  expect(dependsOn).toEqual(["swarm-init"]);
  expect(find(resources, "swarm-worker-token").dependsOn).toContain("swarm-certificate-expiry");
});

test("emulated nodes send fewer heartbeats: on a slow machine they miss three of 15 s", async () => {
  const made = await record(() => swarmOf(raw), { states: { "manager1-domain": { type: "qemu" } } });
  expect(find(made, "swarm-settings").inputs.create).toContain("--dispatcher-heartbeat 30s");
  expect(find(resources, "swarm-settings").inputs.create).toContain("--dispatcher-heartbeat 5s");
});

test("the provider gets a login without its number: on an existing farm it does not change", () => {
  const { registryAuth } = find(resources, "swarm-docker").inputs;
  expect(JSON.stringify(registryAuth)).toContain("address");
  expect(JSON.stringify(registryAuth)).not.toContain("rotation");
});

test("every token is secret, from the manager that prints it to the node that joins with it", () => {
  expect(find(resources, "swarm-worker-token").secretOutputs).toContain("stdout");
  for (const node of ["manager2", "worker1"])
    expect(find(resources, `${node}-join`).inputs.stdin).toEqual({ secret: "stdout of swarm-worker-token" });
  const texts = resources.map(({ inputs }) => JSON.stringify([inputs.create, inputs.triggers, inputs.environment]));
  expect(texts.filter((text) => /stdout of swarm-\w+-token/.test(text))).toEqual([]);
});

/** Where a command runs: the address of its connection, or the name that is given to ssh. */
function ranOn(name: string, script: "create" | "delete" = "create"): unknown {
  const { connection, [script]: text } = find(resources, name).inputs;
  const over = connection as { secret: { host: string } } | undefined;
  return over?.secret.host ?? /^(?:exec ssh .*? -o ControlPath=none |FARM=dev\nHOST=)(\S+)\s/.exec(text as string)?.[1];
}

test.each([
  ["worker1-report", "10.77.0.21", "worker1-domain"],
  ["swarm-init", "10.77.0.11", "local-network"],
  ["swarm-certificate-expiry", "any.manager", "local-network"],
  ["swarm-settings", "any.manager", "local-network"],
  ["swarm-worker-token", "any.manager", "local-network"],
  ["worker1-join", "worker1", "worker1-domain"],
  ["worker1-ready", "any.manager", "local-network"],
  ["worker1-label-db", "any.manager", "local-network"],
  ["worker1-availability", "any.manager", "local-network"],
])("%s runs on %s and is gone with %s", (name, address, gone) => {
  expect([ranOn(name), find(resources, name).deletedWith]).toEqual([address, gone]);
});

test("a node is taken out of the swarm by another", () => {
  expect(ranOn("manager1-ready", "delete")).toBe("any.manager.but.manager1");
});

test("with several managers a replaced or deleted one runs no swarm init", async () => {
  expect(find(resources, "swarm-init").ignoreChanges).toEqual(["create", "connection", "triggers"]);
  const alone = await record(() => swarmOf(withNames("manager1", "worker1")));
  expect(find(alone, "swarm-init")).toMatchObject({ ignoreChanges: ["create"], deletedWith: "manager1-domain" });
  expect(find(alone, "worker1-ready").deletedWith).toBe("manager1-domain");
});

test("a recreated VM reports and joins again; a node that joined again is waited for, labelled and drained again", () => {
  for (const name of ["worker1-report", "worker1-join"])
    expect(find(resources, name).inputs.triggers).toContain("worker1-domain-id");
  for (const name of ["worker1-ready", "worker1-label-db", "worker1-availability"])
    expect(find(resources, name).inputs.triggers).toEqual(["stdout of worker1-join"]);
});

test("waits for a new VM to boot; shuts Docker down before a VM is deleted whose disk stays", () => {
  const { inputs, deletedWith, dependsOn } = find(resources, "worker1-power");
  expect(inputs.triggers).toEqual(["worker1-domain-id"]);
  expect(inputs.environment).toBeUndefined();
  expect(inputs.create).toContain("until error=$(on ");
  expect(inputs.create).toContain("wait_for_docker");
  expect(inputs.delete).toMatch(
    /^FARM=dev\nNODE=worker1\n.*DOMAIN=dev\.worker1\nID=worker1-domain-id\n.*systemctl stop docker\.socket.*sync' \|\| true$/s,
  );
  expect(deletedWith).toBe("worker1-disk");
  expect(dependsOn).toEqual([
    "ssh-config",
    "ssh-id_ed25519",
    "ssh-manager1.host",
    "ssh-manager2.host",
    "ssh-manager3.host",
    "ssh-worker1.host",
    "worker1-domain",
  ]);
});

test.each(["worker1-join", "worker1-ready"])("%s prints the end of the VM's console where it fails", (name) => {
  expect(find(resources, name).inputs.create).toContain("/var/log/libvirt/qemu/dev.worker1.console.log");
});

test("another swarm has other tokens, and nodes join it again", () => {
  expect(find(resources, "swarm-worker-token").inputs.triggers).toEqual(["stdout of swarm-init"]);
  expect(find(resources, "worker1-join").inputs.triggers).toContain("stdout of swarm-init");
});

test.each([
  ["worker1-report", ["worker1-power"]],
  ["swarm-init", ["manager1-power"]],
  ["swarm-worker-token", ["swarm-init"]],
  ["manager3-join", ["manager3-power", "swarm-worker-token"]],
  ["worker1-join", ["worker1-power", "swarm-worker-token"]],
  ["worker1-ready", ["worker1-join"]],
  ["worker1-label-db", ["worker1-ready"]],
  [
    "swarm-settings",
    [
      "manager1-report",
      "worker1-report",
      "manager1-ready",
      "manager2-ready",
      "manager3-ready",
      "worker1-ready",
      "worker1-label-disk",
      "worker1-availability",
    ],
  ],
])("%s depends on %j", (name, others) => {
  expect(find(resources, name).dependsOn).toEqual(expect.arrayContaining(others));
});

test("objects in the swarm depend on all of it, and Docker's plugin on nothing", async () => {
  const made = await record(() => {
    const swarm = swarmOf(raw);
    new docker.Network(
      "edge",
      { name: "edge" },
      swarmResourceOptions(swarm, { parent: swarm, dependsOn: [swarm.manager.vm.disk] }),
    );
  });
  expect(find(made, "edge").dependsOn).toEqual(["manager1-disk", "swarm-settings"]);
  expect(find(made, "swarm-docker").dependsOn).toEqual([]);
});

test("members have aliases of earlier versions, where each was a component: none leaves the swarm", () => {
  for (const name of ["worker1-join", "worker1-ready"])
    expect(find(resources, name).aliases).toEqual([
      "urn:pulumi:dev::swarm-farm::swarm-farm:swarm:Swarm$swarm-farm:swarm:SwarmMember::worker1",
    ]);
});

test("nodes join side by side: none waits for another's join", () => {
  const waits = ["manager2", "manager3", "worker1"].flatMap((node) =>
    find(resources, `${node}-join`).dependsOn.filter((name) => name.endsWith("-join") && name !== `${node}-join`),
  );
  expect(waits).toEqual([]);
});

test("Docker is reached over the farm's own ssh, on whichever manager answers", () => {
  expect(find(resources, "swarm-docker").inputs).toEqual({
    host: "ssh://any.manager",
    sshOpts: '["-F","/state/ssh/config","-o","ControlMaster=no","-o","ControlPath=none"]',
    registryAuth: JSON.stringify([
      { address: registry.address, username: registry.username, password: registry.password },
    ]),
  });
  expect(swarm.manager.plan.address).toBe("10.77.0.11");
});

test("every node is reported with its versions", async () => {
  expect(await valueOf(swarm.patchLevels)).toEqual({
    manager1: report,
    manager2: report,
    manager3: report,
    worker1: report,
  });
});

test("a swarm of one is its manager alone", async () => {
  const alone = await record(() => {
    swarmOf(withNames("manager1"));
  });
  expect(listing(alone.filter(({ parent }) => parent === "swarm"))).toEqual([
    "swarm > manager1-join: command:local:Command",
    "swarm > manager1-power: command:local:Command",
    "swarm > manager1-ready: command:local:Command",
    "swarm > manager1-report: command:remote:Command",
    "swarm > swarm-certificate-expiry: command:local:Command",
    "swarm > swarm-docker: pulumi:providers:docker",
    "swarm > swarm-init: command:remote:Command",
    "swarm > swarm-settings: command:local:Command",
    "swarm > swarm-worker-token: command:local:Command",
  ]);
});

test("another text of the scripts that print ids leaves previews of an existing farm as they are", () => {
  const printing = ["swarm-init", "swarm-worker-token", "manager1-join", "worker1-join"];
  for (const name of printing) expect(find(resources, name).ignoreChanges).toContain("create");
});
