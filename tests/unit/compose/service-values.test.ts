import type { ComposeService } from "../../../compose/model/service";
import { type Case, service } from "../../support/compose/cases";
import { read } from "../../support/compose/compare";
import { refusedOf } from "../../support/compose/refused";
import { inFolder } from "../../support/compose/stack-deploy";

async function webOf(one: Case): Promise<ComposeService | undefined> {
  const { application, findings } = await inFolder(one.files, (folder) => read(folder, one));
  expect(findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  return application?.services[0];
}

/** Result of a line of a service. */
const values: readonly (readonly [line: string, becomes: object])[] = [
  ["command: echo 'a b' c", { command: ["echo", "a b", "c"] }],
  ["command: [echo, 'a b']", { command: ["echo", "a b"] }],
  ["command: []", { command: [] }],
  ["entrypoint: /run --fast", { entrypoint: ["/run", "--fast"] }],
  ["hostname: '{{.Node.Hostname}}'", { hostname: "{{.Node.Hostname}}" }],
  ["user: '1000:1000'", { user: "1000:1000" }],
  ["user: 1000", { user: "1000" }],
  ["working_dir: /srv", { workingDir: "/srv" }],
  ["init: true", { init: true }],
  ["read_only: true", { readOnly: true }],
  ["stop_signal: SIGQUIT", { stopSignal: "SIGQUIT" }],
  ["stop_grace_period: 1m30s", { stopGracePeriodSeconds: 90 }],
  ["stop_grace_period: 0s", { stopGracePeriodSeconds: 0 }],
  ["dns: 10.0.0.53", { dns: ["10.0.0.53"] }],
  ["dns: [10.0.0.53, 10.0.0.54]", { dns: ["10.0.0.53", "10.0.0.54"] }],
  ["dns_search: [b.example, a.example]", { dnsSearch: ["b.example", "a.example"] }],
  ["dns_opt: [ndots:1, use-vc]", { dnsOptions: ["ndots:1", "use-vc"] }],
  ["group_add: [mail, 1000]", { groups: ["mail", "1000"] }],
  ["cpu_quota: 50000", { resources: { limits: { cpus: 0.5 } } }],
  ["cpu_quota: 70000\ncpu_period: 30000", { resources: { limits: { cpus: 2.333333333 } } }],
  ["cpu_quota: 50000\ncpus: 2", { resources: { limits: { cpus: 2 } } }],
  ["cpu_quota: -1\ncpu_period: 0", { resources: { limits: {} } }],
  [
    "extra_hosts: ['a:10.0.0.1', 'b=[::1]']",
    {
      hosts: [
        { host: "a", address: "10.0.0.1" },
        { host: "b", address: "::1" },
      ],
    },
  ],
  [
    "extra_hosts: {b: 10.0.0.2, a: 10.0.0.1}",
    {
      hosts: [
        { host: "a", address: "10.0.0.1" },
        { host: "b", address: "10.0.0.2" },
      ],
    },
  ],
  ["sysctls: {net.core.somaxconn: 1024}", { sysctls: { "net.core.somaxconn": "1024" } }],
  ["sysctls: [net.ipv4.ip_forward=1]", { sysctls: { "net.ipv4.ip_forward": "1" } }],
  ["cap_add: [sys_nice, CAP_NET_ADMIN]", { capabilityAdd: ["CAP_NET_ADMIN", "CAP_SYS_NICE"] }],
  ["cap_drop: [kill, ALL]", { capabilityDrop: ["ALL"] }],
  ["labels: {a: 1, b: }", { labels: { a: "1", b: "", "com.docker.stack.namespace": "shop" } }],
  ["labels: [a=b=c, d]", { labels: { a: "b=c", d: "", "com.docker.stack.namespace": "shop" } }],
  [
    "environment: {B: b, A: ''}",
    {
      environment: [
        { name: "A", value: "" },
        { name: "B", value: "b" },
      ],
    },
  ],
  ["environment: [A=x=y, B]", { environment: [{ name: "A", value: "x=y" }, { name: "B" }] }],
  [
    "healthcheck: {test: curl localhost, interval: 5s, retries: 0}",
    { healthCheck: { test: ["CMD-SHELL", "curl localhost"], intervalSeconds: 5, retries: 0 } },
  ],
  [
    "healthcheck: {test: [CMD, a], timeout: 1m, start_period: 2s}",
    { healthCheck: { test: ["CMD", "a"], timeoutSeconds: 60, startPeriodSeconds: 2 } },
  ],
  ["healthcheck: {disable: true, interval: 5s}", { healthCheck: { test: ["NONE"] } }],
  [
    "logging: {driver: journald, options: {tag: a, n: 3}}",
    { logging: { driver: "journald", options: { tag: "a", n: "3" } } },
  ],
  ["restart: always", { restartPolicy: { condition: "any" } }],
  ["restart: unless-stopped", { restartPolicy: { condition: "any" } }],
  ["restart: 'no'", { restartPolicy: { condition: "none" } }],
  ["restart: on-failure:3", { restartPolicy: { condition: "on-failure", maxAttempts: 3 } }],
  ["deploy: {replicas: 0}", { mode: { kind: "replicated", replicas: 0 } }],
  ["deploy: {mode: global}", { mode: { kind: "global" } }],
  ["scale: 3", { mode: { kind: "replicated", replicas: 3 } }],
  ["deploy: {endpoint_mode: dnsrr}", { endpointMode: "dnsrr" }],
  [
    "deploy: {resources: {limits: {cpus: '0.5', memory: 64M}}}",
    { resources: { limits: { cpus: 0.5, memoryBytes: 67_108_864 } } },
  ],
  [
    "deploy: {resources: {reservations: {cpus: 1.25, memory: 1gb}}}",
    { resources: { reservations: { cpus: 1.25, memoryBytes: 1_073_741_824 } } },
  ],
  ["cpus: 0.5\nmem_limit: 64m", { resources: { limits: { cpus: 0.5, memoryBytes: 67_108_864 } } }],
  [
    "deploy: {restart_policy: {delay: 5s, window: 2m, max_attempts: 3}}",
    { restartPolicy: { delaySeconds: 5, windowSeconds: 120, maxAttempts: 3 } },
  ],
  ["deploy: {update_config: {}}", { update: { parallelism: 1, delaySeconds: 0, maxFailureRatio: 0 } }],
  [
    "deploy: {update_config: {parallelism: 0, order: start-first, failure_action: rollback, monitor: 5s}}",
    { update: { parallelism: 0, order: "start-first", failureAction: "rollback", monitorSeconds: 5 } },
  ],
  ["deploy: {rollback_config: {max_failure_ratio: 0.2}}", { rollback: { parallelism: 1, maxFailureRatio: 0.2 } }],
  [
    "deploy: {placement: {max_replicas_per_node: 2, preferences: [{spread: node.labels.zone}]}}",
    { placement: { constraints: [], spread: ["node.labels.zone"], maxReplicasPerNode: 2 } },
  ],
  ["deploy: {placement: {max_replicas_per_node: 0}}", { placement: { constraints: [], spread: [] } }],
  [
    "deploy: {labels: {a: b}}",
    { serviceLabels: { a: "b", "com.docker.stack.image": "nginx:1.29", "com.docker.stack.namespace": "shop" } },
  ],
  [
    "ports: [80, '8080:81/udp']",
    {
      ports: [
        { target: 80, protocol: "tcp", mode: "ingress" },
        { target: 81, published: 8080, protocol: "udp" },
      ],
    },
  ],
  [
    "ports: [{target: 80, published: '8000-8001', mode: host}]",
    {
      ports: [
        { target: 80, published: 8000, mode: "host" },
        { target: 80, published: 8001, mode: "host" },
      ],
    },
  ],
];

test.each(values)("%s", async (line, becomes) => {
  expect(await webOf(service(line))).toMatchObject(becomes);
});

test("an empty platform is none", async () => {
  expect(await webOf(service("platform: '${A:-}'"))).not.toHaveProperty("platform");
});

test("a service with only an image has docker's defaults", async () => {
  const web = await webOf(service(""));
  expect(web).toMatchObject({
    name: "shop_web",
    image: "nginx:1.29",
    mode: { kind: "replicated" },
    environment: [],
    readOnly: false,
    ports: [],
    mounts: [],
    networks: [{ network: "default", name: "shop_default", aliases: ["web"] }],
    placement: { constraints: [], spread: [] },
  });
  for (const key of [
    "command",
    "entrypoint",
    "healthCheck",
    "restartPolicy",
    "update",
    "logging",
    "init",
    "endpointMode",
  ])
    expect(web).not.toHaveProperty(key);
});

const [text, list, map, count, truth, number] = ["text", "a list", "a mapping", "one", "true or false", "a number"];

/** Keys with a value of a wrong kind, and what is to be written. */
const wrong: readonly (readonly [path: string, line: string, write: string])[] = [
  ["hostname", "hostname: {a: b}", text],
  ["user", "user: [1]", text],
  ["working_dir", "working_dir: {}", text],
  ["stop_signal", "stop_signal: []", text],
  ["image", "build: .\nimage: [a]", text],
  ["init", "init: 1", truth],
  ["read_only", "read_only: maybe", truth],
  ["sysctls", "sysctls: a", map],
  ["labels", "labels: a", map],
  ["environment", "environment: A=b", map],
  ["extra_hosts", "extra_hosts: a", map],
  ["depends_on", "depends_on: db", map],
  ["networks", "networks: front", map],
  ["ports", "ports: 80", list],
  ["volumes", "volumes: {a: /b}", list],
  ["configs", "configs: a", list],
  ["secrets", "secrets: a", list],
  ["links", "links: db", list],
  ["healthcheck.retries", "healthcheck: {retries: many}", number],
  ["healthcheck.retries", "healthcheck: {retries: -1}", count],
  ["healthcheck.disable", "healthcheck: {disable: 'yes'}", "true"],
  ["deploy.replicas", "deploy: {replicas: two}", number],
  ["deploy.replicas", "deploy: {replicas: -1}", count],
  ["deploy.labels", "deploy: {labels: 1}", map],
  ["deploy.mode", "deploy: {mode: swarm}", "one of them"],
  ["deploy.endpoint_mode", "deploy: {endpoint_mode: [vip]}", text],
  ["deploy.placement.constraints", "deploy: {placement: {constraints: node.role==worker}}", list],
  ["deploy.placement.preferences", "deploy: {placement: {preferences: {spread: a}}}", list],
  ["deploy.placement.max_replicas_per_node", "deploy: {placement: {max_replicas_per_node: 1.5}}", count],
  ["deploy.restart_policy.condition", "deploy: {restart_policy: {condition: sometimes}}", "one of them"],
  ["deploy.restart_policy.max_attempts", "deploy: {restart_policy: {max_attempts: x}}", number],
  ["deploy.update_config.order", "deploy: {update_config: {order: first}}", "one of them"],
  ["deploy.update_config.failure_action", "deploy: {update_config: {failure_action: stop}}", "one of them"],
  ["deploy.update_config.parallelism", "deploy: {update_config: {parallelism: 0.5}}", count],
  ["deploy.update_config.delay", "deploy: {update_config: {delay: 5}}", "one such as '30s' or '1m30s'"],
  ["deploy.resources.limits.memory", "deploy: {resources: {limits: {memory: 1x}}}", "one such as '512M' or '1.5G'"],
  ["scale", "scale: all", number],
  ["mem_limit", "mem_limit: much", "one such as '512M' or '1.5G'"],
  ["ports[0].protocol", "ports: [{target: 80, protocol: http}]", "one of them"],
  ["ports[0].mode", "ports: [{target: 80, mode: vip}]", "one of them"],
];

test.each(wrong)("%s: '%s' is refused once, with its place and what to write", async (path, line, write) => {
  const one = line.startsWith("build") ? { files: { ...service(line).files, Dockerfile: "FROM a" } } : service(line);
  const messages = await refusedOf({
    files: {
      ...one.files,
      "compose.yaml": (one.files["compose.yaml"] ?? "").replace(/ +image: nginx.*\n(?= +build)/, ""),
    },
  });
  const found = messages.filter((message) => message.includes(` services.web.${path}: `));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^compose\.yaml:[45]: /);
  expect(found[0]?.endsWith(`; write ${write}`)).toBe(true);
});
