import { loadBalancerSteps } from "./load-balancer";
import { nodeSteps } from "./nodes";
import { serviceSteps } from "./services";
import { merge, type Config, type Files, type Step } from "./types";

/** The shipped farm with a port for nginx, and with the numbers written out that follow from the list of nodes. */
export const start: Config = {
  hosts: { local: { uri: "qemu:///system" } },
  network: { cidr: "10.77.0.0/24", egress: false },
  nodes: {
    manager1: { role: "manager", vcpu: 2 },
    worker1: { role: "worker" },
    worker2: { role: "worker" },
    worker3: { role: "worker", labels: { db: "true" } },
  },
  hello: { port: 8080, replicas: 4 },
  lamp: { port: 8081 },
  loadbalancer: {},
  visualizer: {},
};

/** All changes, in the order in which the walk makes them. */
export const steps: readonly Step[] = [...serviceSteps, ...loadBalancerSteps, ...nodeSteps];

/** The configuration after each step. */
export function configurations(files: Files): readonly Config[] {
  const after: Config[] = [];
  for (const step of steps) after.push(merge(after.at(-1) ?? start, step.change(files)) as Config);
  return after;
}

/** Keys that the walk does not change, and why. */
export const elsewhere: Readonly<Record<string, string>> = {
  "hosts.<name>.uri": "hypervisors.test.ts has farms on several hosts",
  "hosts.<name>.virtualization": "what it may be follows from the host: tests/components/host.test.ts and vm.test.ts",
  "hosts.<name>.address": "hypervisors.test.ts has farms on several hosts",
  "hosts.<name>.gateway": "hypervisors.test.ts has farms on several hosts",
  "network.cidr": "another network replaces every VM, so that nothing is left to compare: tests/unit/net/plan.test.ts",
  "network.allowPublic": "lifts a rule and changes nothing of a farm: tests/unit/config/rules.test.ts",
  "network.egress": "a way out, to a server of the test's own: egress.test.ts",
  ...Object.fromEntries(
    ["email", "agreeToTerms", "directory", "ca", "dns.provider", "dns.settings"].map((key) => [
      `loadbalancer.certificate.acme.${key}`,
      "a directory of the test's own: acme.test.ts; by DNS: apps/acme/internal/directory",
    ]),
  ),
  "loadbalancer.drainSeconds": "updates under WebSockets and requests: update.test.ts",
  ...Object.fromEntries(
    [
      ...["issuer", "clientId", "clientSecret", "emailDomains", "allowedGroups", "scopes", "sessionHours", "ca"].map(
        (key) => `loadbalancer.oidc.${key}`,
      ),
      "rotate.oidc",
    ].map((key) => [
      key,
      "a provider of the test's own, through both programs: tests/unit/loadbalancer/oidc-login.test.ts",
    ]),
  ),
  "stacks.<name>.routes.<name>.host": "exact names and wildcards: tests/unit/loadbalancer/hosts.test.ts",
  ...Object.fromEntries(
    ["port", "protocol", "service", "target", "host", "allow", "timeoutSeconds"].map((key) => [
      `loadbalancer.streams.<name>.${key}`,
      "TCP, UDP and TLS through both programs: tests/unit/loadbalancer/streams/serving.test.ts",
    ]),
  ),
  "loadbalancer.certificates.<name>.cert":
    "several names, through both programs: tests/unit/loadbalancer/sni/serving.test.ts",
  "loadbalancer.certificates.<name>.key":
    "several names, through both programs: tests/unit/loadbalancer/sni/serving.test.ts",
  ...Object.fromEntries(
    [
      ...[
        "dumps.<name>.dump",
        "dumps.<name>.load",
        "dumps.<name>.service",
        "keep.daily",
        "keep.monthly",
        "keep.weekly",
      ],
      ...["limitHours", "password", "readOnly", "schedule", "to", "volumes"],
    ].map((key) => [`backups.${key}`, "on a farm: keeping.test.ts; restic itself: tests/unit/backups"]),
  ),
  "jobs.timeZone": "when runs are due: jobs.test.ts, apps/jobs/test/unit/schedule.ts",
  ...Object.fromEntries(
    ["diskMiB", "memoryMiB", "node", "retentionDays"].map((key) => [
      `logs.${key}`,
      "on a farm: logs.test.ts; the programs themselves: tests/unit/logs",
    ]),
  ),
  ...Object.fromEntries(
    [
      ...["docsUrl", "receiver", "repeatHours", "routes", "silences"].map((key) => `alerts.${key}`),
      ...["chat.channel", "chat.url", "webhook.token", "webhook.url"].map((key) => `alerts.receivers.<name>.${key}`),
      ...["from", "password", "requireTls", "server", "to", "user"].map(
        (key) => `alerts.receivers.<name>.email.${key}`,
      ),
      ...["diskMiB", "memoryMiB", "node", "retentionDays", "scrapeSeconds"],
      ...["image", "memoryMiB", "node"].map((key) => `grafana.${key}`),
    ].map((key) => [`monitoring.${key}`, "on a farm: keeping.test.ts; Alertmanager itself: tests/unit/monitoring"]),
  ),
  ...Object.fromEntries(
    ["address", "kind", "labels", "path", "scheme"].map((key) => [
      `monitoring.targets.<name>.${key}`,
      "scraped by a real Prometheus: tests/unit/monitoring/targets.test.ts",
    ]),
  ),
  "rotate.grafana": "another password: tests/components/grafana.test.ts",
  "loadbalancer.proxyProtocol.port":
    "a proxy's header, through both programs: tests/unit/loadbalancer/proxy-protocol.test.ts",
  "loadbalancer.proxyProtocol.from":
    "a proxy's header, through both programs: tests/unit/loadbalancer/proxy-protocol.test.ts",
  "loadbalancer.trustedProxies": "headers of a proxy, through both programs: tests/unit/loadbalancer/requests.test.ts",
  "loadbalancer.routes.<name>.readTimeoutSeconds": "a slow page: tests/unit/loadbalancer/requests.test.ts",
  "loadbalancer.routes.<name>.compression": "text, through both programs: tests/unit/loadbalancer/compression.test.ts",
  "loadbalancer.routes.<name>.protocol": "calls of gRPC, through both programs: tests/unit/loadbalancer/grpc.test.ts",
  "loadbalancer.routes.<name>.sticky": "a cookie for one task: tests/unit/loadbalancer/sticky.test.ts",
  "lamp.sessions.store": "with and without a store: tests/components/lamp-sessions.test.ts",
  "lamp.sessions.memoryMiB": "what valkey is given: tests/components/lamp-sessions.test.ts",
  "loadbalancer.vip": "addresses that survive a node: vip.test.ts",
  "image.kind": "the kind of image that a node begins with: broken-parts.test.ts sets it for one node",
  "image.version": "the default of nodes.<name>.image.version, which the walk changes",
  "image.source": "a cloud image is downloaded: tests/unit/libvirt/cloud-image-file.test.ts",
  "image.sha256": "a cloud image is downloaded: tests/unit/libvirt/cloud-image-file.test.ts",
  "nodes.<name>.image.source": "broken-parts.test.ts sets it",
  "nodes.<name>.image.sha256": "broken-parts.test.ts sets it",
  "stacks.<name>.file": "applications from compose files: tests/program/stacks/compose.test.ts",
  "stacks.<name>.variables": "applications from compose files: tests/program/stacks/compose.test.ts",
  "stacks.<name>.profiles": "applications from compose files: tests/program/stacks/compose.test.ts",
  "stacks.<name>.folders": "applications from compose files: tests/unit/compose/folders.test.ts",
  "stacks.<name>.routes.<name>.service": "applications from compose files: tests/program/stacks/compose.test.ts",
  "stacks.<name>.routes.<name>.port": "applications from compose files: tests/program/stacks/compose.test.ts",
  "stacks.<name>.routes.<name>.path": "applications from compose files: tests/program/stacks/compose.test.ts",
  "stacks.<name>.routes.<name>.login": "applications from compose files: tests/program/stacks/compose.test.ts",
};
