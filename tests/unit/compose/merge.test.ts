import type { ComposeService } from "../../../compose/model/service";
import { read } from "../../support/compose/compare";
import { inFolder } from "../../support/compose/stack-deploy";

/** A service that two files describe. */
async function merged(base: string, over: string): Promise<ComposeService | undefined> {
  const file = (lines: string) => `services:\n  web:\n    image: a\n    ${lines}\n`;
  const files = { "compose.1.yaml": file(base), "compose.2.yaml": file(over) };
  const { application, findings } = await inFolder(files, (folder) => read(folder, { files }));
  expect(findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  return application?.services[0];
}

test.each<[string, string, string, object]>([
  ["the later scalar wins", "hostname: a", "hostname: b", { hostname: "b" }],
  ["an empty text does not win", "hostname: a", "hostname: ''", { hostname: "a" }],
  ["false does not win", "read_only: true", "read_only: false", { readOnly: true }],
  ["no grace does not win", "stop_grace_period: 5s", "stop_grace_period: 0s", { stopGracePeriodSeconds: 5 }],
  ["no grace stays where it is alone", "hostname: a", "stop_grace_period: 0s", { stopGracePeriodSeconds: 0 }],
  ["no replicas win", "deploy: {replicas: 2}", "deploy: {replicas: 0}", { mode: { kind: "replicated", replicas: 0 } }],
  ["a command is replaced", "command: [a, b]", "command: [c]", { command: ["c"] }],
  ["an empty command does not win", "command: [a, b]", "command: []", { command: ["a", "b"] }],
  ["lists append", "dns: [a]", "dns: [b]", { dns: ["a", "b"] }],
  [
    "ports merge by published port",
    "ports: ['80:1', '81:1']",
    "ports: ['81:2']",
    {
      ports: [
        { published: 80, target: 1 },
        { published: 81, target: 2 },
      ],
    },
  ],
  [
    "volumes merge by target",
    "volumes: [/a:/x, /b:/y]",
    "volumes: [/c:/x]",
    {
      mounts: [
        { source: "/c", target: "/x" },
        { source: "/b", target: "/y" },
      ],
    },
  ],
  [
    "variables merge by name",
    "environment: {A: a, B: b}",
    "environment: [B=c, A=]",
    {
      environment: [
        { name: "A", value: "a" },
        { name: "B", value: "c" },
      ],
    },
  ],
  ["labels merge", "labels: {a: '1'}", "labels: {b: '2'}", { labels: { a: "1", b: "2" } }],
  ["an empty label wins", "labels: {a: '1'}", "labels: [a=]", { labels: { a: "" } }],
  [
    "an empty option of logging wins",
    "logging: {driver: d, options: {a: b}}",
    "logging: {driver: d, options: {a: ''}}",
    { logging: { driver: "d", options: { a: "" } } },
  ],
  [
    "constraints append",
    "deploy: {placement: {constraints: [node.role == worker]}}",
    "deploy: {placement: {constraints: [node.id != a]}}",
    { placement: { constraints: [{ constraint: "node.role == worker" }, { constraint: "node.id != a" }] } },
  ],
  [
    "aliases are replaced",
    "networks: {default: {aliases: [a]}}",
    "networks: {default: {aliases: [b]}}",
    { networks: [{ aliases: ["b", "web"] }] },
  ],
  [
    "a network that is only named changes nothing",
    "networks: {default: {aliases: [a]}}",
    "networks: [default]",
    { networks: [{ aliases: ["a", "web"] }] },
  ],
  [
    "limits merge",
    "deploy: {resources: {limits: {cpus: '1', memory: 1m}}}",
    "deploy: {resources: {limits: {memory: 2m}}}",
    { resources: { limits: { cpus: 1, memoryBytes: 2 * 1024 ** 2 } } },
  ],
  [
    "a policy merges",
    "deploy: {restart_policy: {condition: any, delay: 1s}}",
    "deploy: {restart_policy: {delay: 2s}}",
    { restartPolicy: { condition: "any", delaySeconds: 2 } },
  ],
  [
    "another logging driver replaces the options",
    "logging: {driver: a, options: {x: '1'}}",
    "logging: {driver: b}",
    { logging: { driver: "b", options: {} } },
  ],
  [
    "options of the same driver merge",
    "logging: {driver: a, options: {x: '1'}}",
    "logging: {options: {y: '2'}}",
    { logging: { driver: "a", options: { x: "1", y: "2" } } },
  ],
  ["dependencies merge", "depends_on: []", "depends_on: []", { dependsOn: [] }],
])("%s", async (_name, base, over, service) => {
  expect(await merged(base, over)).toMatchObject(service);
});

test("a merged service has the position of the last file, and each key its own position", async () => {
  const service = await merged("hostname: a", "user: b");
  expect(service?.at).toEqual({ file: "compose.2.yaml", line: 2 });
  expect(service?.positions.get("hostname")).toEqual({ file: "compose.1.yaml", line: 4 });
  expect(service?.positions.get("user")).toEqual({ file: "compose.2.yaml", line: 4 });
});
