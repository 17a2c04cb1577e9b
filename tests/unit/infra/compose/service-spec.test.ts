import * as pulumi from "@pulumi/pulumi";
import { readableVariables, textWith } from "../../../../infra/compose/texts";
import type { Given } from "../../../../infra/compose/spec/given";
import { oneShotsOf } from "../../../../infra/compose/spec/policies";
import { serviceSpec } from "../../../../infra/compose/spec/service-spec";
import { farmLogging } from "../../../../infra/service/farm-service";
import { applicationOf } from "../../../support/compose/application";
import { service, type Case } from "../../../support/compose/cases";

const given: Given = {
  image: "nginx@sha256:1",
  text: (text) => (typeof text === "string" ? text : "secret"),
  network: (key) => `id of ${key}`,
  config: (key) => ({ id: `id of ${key}`, name: `name of ${key}` }),
  secret: (key) => ({ id: `id of ${key}`, name: `name of ${key}` }),
  networks: [{ id: "id of edge" }],
  scheduled: false,
};

/** Spec that Swarm receives for the service `web`. */
async function specOf(one: Case) {
  const read = await applicationOf(one);
  if (read.kind === "refused") throw new Error(read.problems.map(({ reason }) => reason).join("\n"));
  const { services } = read.application;
  const web = services.find(({ key }) => key === "web");
  if (web === undefined) throw new Error("there is no service 'web'");
  return serviceSpec(web, oneShotsOf(services).has("web"), given);
}

const objects = "configs: {c: {content: a}}\nsecrets: {s: {content: b}}\nnetworks: {front: }\n";

/** Lines of the file, and what Swarm gets. */
const specs: readonly (readonly [line: string, becomes: object])[] = [
  ["", { image: "nginx@sha256:1", mode: { replicas: 1 }, init: false, readOnly: false, logging: farmLogging }],
  ["logging: {options: {tag: a}}", { logging: { driver: "json-file", options: { tag: "a" } } }],
  ["logging: {driver: json-file}", { logging: { driver: "json-file", options: { tag: "{{.Name}}" } } }],
  [
    "logging: {options: {max-size: 1m}}",
    { logging: { driver: "json-file", options: { "max-size": "1m", tag: "{{.Name}}" } } },
  ],
  ["logging: {driver: journald}", { logging: { driver: "journald", options: {} } }],
  ["deploy: {mode: global}", { mode: "global" }],
  ["deploy: {replicas: 3}", { mode: { replicas: 3 } }],
  ["restart: 'no'", { oneShot: true, mode: { replicas: 1 }, restart: { condition: "none" } }],
  ["restart: always", { mode: { replicas: 1 }, restart: { condition: "any" } }],
  ["environment: {B: b, A: ''}", { env: { A: "", B: "b" } }],
  ["cap_add: [net_admin]\ncap_drop: [all]", { capabilities: { add: ["NET_ADMIN"], drop: ["ALL"] } }],
  ["sysctls: {net.a: 1}", { sysctls: { "net.a": "1" } }],
  ["extra_hosts: ['a:10.0.0.1']", { hosts: [{ name: "a", address: "10.0.0.1" }] }],
  ["group_add: [mail, 1000]", { groups: ["mail", "1000"] }],
  ["dns_opt: [ndots:1]", { dns: { nameservers: [], search: [], options: ["ndots:1"] } }],
  ["dns: 10.0.0.53\ndns_search: a.b", { dns: { nameservers: ["10.0.0.53"], search: ["a.b"] } }],
  [
    "networks: {front: {aliases: [www]}}",
    { networks: [{ id: "id of front", aliases: ["www", "web"] }, { id: "id of edge" }] },
  ],
  [
    "configs: [{source: c, target: /a, mode: 0400, uid: '7'}]",
    { configs: [{ config: { id: "id of c" }, target: "/a", mode: 0o400, uid: 7, gid: 0 }] },
  ],
  ["secrets: [s]", { secrets: [{ secret: { id: "id of s" }, target: "s", mode: 0o444, uid: 0, gid: 0 }] }],
  [
    "ports: ['8080:80/udp']",
    { endpointMode: "vip", ports: [{ target: 80, published: 8080, protocol: "udp", mode: "ingress" }] },
  ],
  [
    "ports: [{target: 80, published: 81, mode: host}]\ndeploy: {endpoint_mode: dnsrr}",
    { endpointMode: "dnsrr", ports: [{ target: 80, published: 81, mode: "host" }] },
  ],
  ["platform: linux/amd64", { placement: { constraints: [], platforms: [{ os: "linux", architecture: "amd64" }] } }],
  [
    "deploy: {placement: {constraints: ['NODE.ROLE==worker'], max_replicas_per_node: 2}}",
    { placement: { constraints: ["node.role == worker"], maxReplicasPerNode: 2 } },
  ],
  [
    "deploy: {resources: {reservations: {cpus: 1, memory: 1g, generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}]}}}",
    { reservations: { cpus: 1, memoryMiB: 1024, generic: { gpu: 2 } } },
  ],
  ["deploy: {rollback_config: {failure_action: rollback}}", { rollback: { failureAction: "pause" } }],
  ["deploy: {labels: {a: b}}", { labels: { a: "b", "com.docker.stack.namespace": "shop" } }],
];

test.each(specs)("'%s' in Swarm's terms", async (line, becomes) => {
  expect(await specOf(service(line, objects))).toMatchObject(becomes);
});

test("a key that the file omits has Docker's default", async () => {
  const spec = await specOf(service("deploy: {resources: {limits: {memory: '0'}}}"));
  expect(spec.sysctls).toEqual({});
  expect(spec.limits).toEqual({ cpus: undefined, memoryMiB: undefined });
  expect(spec).toMatchObject({ update: undefined, rollback: undefined, health: undefined });
});

test.each(["pids_limit: -1", "deploy: {resources: {limits: {pids: -1}}}"])(
  "'%s' is no limit of processes, also over a file that has one",
  async (over) => {
    const base = service("pids_limit: 5").files["compose.yaml"] ?? "";
    const { files } = service(over);
    expect((await specOf({ files: { "compose.a.yaml": base, ...files } })).limits?.pids).toBeUndefined();
  },
);

test("a variable that is an output is a secret to the reader, and a text without one is put in at once", () => {
  const variables = { TAG: "1", TOKEN: pulumi.secret("hush") };
  expect(readableVariables(variables)).toEqual({
    TAG: { kind: "plain", value: "1" },
    TOKEN: { kind: "secret" },
  });
  expect(textWith(variables, "plain")).toBe("plain");
});
