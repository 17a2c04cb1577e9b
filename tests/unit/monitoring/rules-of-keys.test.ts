import { checkAll, parseConfig } from "../../../stacks/config";
import { stacks } from "../../../stacks/index";
import { plansOf, recipesOf } from "../../../stacks/plans";
import { clearProblems } from "../../../stacks/contract/credentials";
import { withStacks } from "../../support/configs";
import { repository } from "../../support/sources";

const hook = { webhook: { url: "https://example.com/hook" } };
const chat = { chat: { url: "https://chat.example.com/hooks/abc" } };
const mail = { email: { to: ["a@example.com"], from: "b@example.com", server: "mail.example.com:587" } };

/** The problems of these keys of `monitoring`, with what the farm has besides. */
function problemsOf(monitoring: object, secrets: readonly string[] = [], more: object = {}): string[] {
  try {
    checkAll(withStacks({ monitoring, ...more }), repository, secrets);
    return [];
  } catch (error) {
    return (error as Error).message
      .split("\n")
      .filter((line) => line.includes("monitoring") || line.includes("stacks."));
  }
}

const alerts = (keys: object) => problemsOf({ alerts: keys });

test("one key is enough", () => {
  expect(problemsOf({})).toEqual([]);
  expect(parseConfig(withStacks({ monitoring: {} })).monitoring).toEqual({
    retentionDays: 15,
    diskMiB: 2048,
    memoryMiB: 320,
    scrapeSeconds: 30,
    targets: {},
    alerts: { receivers: {}, routes: [], silences: [], repeatHours: 12 },
  });
});

test("without the key nothing of it is planned", () => {
  const plans = plansOf(stacks, parseConfig(withStacks()));
  expect(plans.prometheus).toBeUndefined();
  for (const part of [plans.images, plans.targets, plans.scrape, plans.alerts.map(({ name }) => name)])
    expect(JSON.stringify(part)).not.toMatch(/monitoring|NodeDown/);
});

test("with it, images, targets and a route with a login are planned; Alertmanager only for a receiver", () => {
  const images = (changes: Record<string, unknown>) => recipesOf(stacks, withStacks(changes)).map(({ name }) => name);
  const added = (monitoring: object, more: Record<string, unknown> = {}) =>
    images({ monitoring, ...more }).filter((name) => !images(more).includes(name));
  expect(added({})).toEqual([...["exporter", "node-exporter", "prometheus", "blackbox-exporter"], "mysqld-exporter"]);
  expect(added({ alerts: { receivers: { hook } } })).toContain("alertmanager");
  expect(added({}, { loadbalancer: undefined })).not.toContain("blackbox-exporter");
  const plans = plansOf(
    stacks,
    parseConfig(withStacks({ monitoring: { alerts: { receivers: { hook } } }, steward: {} })),
  );
  expect(plans.scrape.map(({ service }) => service)).toEqual([
    "lamp-mysql-exporter",
    "lamp-php-exporter",
    "exporter",
    "steward",
    "monitoring-prometheus",
    "monitoring-nodes",
    "monitoring-swarm",
    "monitoring-alertmanager",
  ]);
  expect(plans.routes.monitoring).toEqual({ path: "/monitoring/", login: true });
  expect(plans.targets.monitoring).toEqual({ kind: "service", service: "monitoring-prometheus", port: 9090 });
});

test("the node is one of the farm's, with room for it", () => {
  expect(problemsOf({ node: "worker9" })).toEqual([
    expect.stringContaining(
      "monitoring.node: 'node.hostname == worker9' holds on no node; change it; nodes: manager1 (manager), worker1 (worker)",
    ),
  ]);
  expect(problemsOf({ node: "worker1", memoryMiB: 65_536 })).toEqual([
    expect.stringContaining("'monitoring-prometheus' reserves 32768 MiB"),
  ]);
});

test.each([
  [{ retentionDays: 0 }, "monitoring.retentionDays"],
  [{ diskMiB: 10 }, "monitoring.diskMiB"],
  [{ memoryMiB: 16 }, "monitoring.memoryMiB"],
  [{ scrapeSeconds: 1 }, "monitoring.scrapeSeconds"],
  [{ retention: 3 }, "monitoring"],
])("refuses %j with its path", (keys, path) => {
  expect(problemsOf(keys).join("\n")).toContain(path);
});

test.each<[string, object, string]>([
  [
    "a receiver of two kinds",
    { receivers: { a: { ...hook, ...mail } } },
    "must have exactly one of email, webhook and chat",
  ],
  ["a receiver of none", { receivers: { a: {} } }, "must have exactly one of email, webhook and chat"],
  ["a URL that is none", { receivers: { a: { webhook: { url: "hooks" } } } }, "must be a URL with http or https"],
  [
    "a mail server without a port",
    { receivers: { a: { email: { ...mail.email, server: "mail" } } } },
    "must be a server with its port",
  ],
  [
    "an address that is none",
    { receivers: { a: { email: { ...mail.email, to: ["ops"] } } } },
    "must be an address such as",
  ],
  [
    "several receivers without a default",
    { receivers: { a: hook, b: hook } },
    "name the one for alerts that no route matches: a, b",
  ],
  [
    "a default that is not there",
    { receivers: { a: hook }, receiver: "b" },
    "is 'b', which is not under monitoring.alerts.receivers; receivers: a",
  ],
  ["a default without receivers", { receiver: "b" }, "which is not under monitoring.alerts.receivers; there are none"],
  [
    "a route to a receiver that is not there",
    { receivers: { a: hook }, routes: [{ match: { severity: "critical" }, receiver: "b" }] },
    "monitoring.alerts.routes[0].receiver: is 'b', which is not under",
  ],
  [
    "a route for an alert that is not there",
    { receivers: { a: hook }, routes: [{ match: { alert: "NodeDwn" }, receiver: "a" }] },
    "monitoring.alerts.routes[0].match.alert: is 'NodeDwn', which no alert has; alerts: MysqlDown, MysqlConnectionsShort, PhpWorkersBusy, NodeDown, QuorumAtRisk",
  ],
  ["a silence of every alert", { silences: [{ match: {} }] }, "must have one of alert, severity, service, node, route"],
  [
    "a silence of an unknown alert",
    { silences: [{ match: { alert: "X" } }] },
    "monitoring.alerts.silences[0].match.alert: is 'X'",
  ],
  [
    "half a time",
    { silences: [{ match: { node: "a" }, from: "22:00" }] },
    "monitoring.alerts.silences[0]: has one of from and to",
  ],
  ["no time", { silences: [{ match: { node: "a" }, from: "22:00", to: "22:00" }] }, "which is no time"],
  [
    "a time that is none",
    { silences: [{ match: { node: "a" }, from: "24:00", to: "1:00" }] },
    'must be a time such as "22:00"',
  ],
  [
    "a user without a password",
    { receivers: { a: { email: { ...mail.email, user: "x" } } } },
    "has one of user and password",
  ],
])("refuses %s", (_, keys, message) => {
  expect(alerts(keys).join("\n")).toContain(message);
});

test("credentials in the clear are refused, and encrypted ones are not", () => {
  const receivers = {
    chat,
    hook: { webhook: { url: "https://example.com", token: "t" } },
    mail: { email: { ...mail.email, user: "u", password: "p" } },
  };
  const keys = { alerts: { receivers, receiver: "chat" } };
  const at = "monitoring.alerts.receivers";
  const credentials = [`${at}.mail.email.password`, `${at}.hook.webhook.token`, `${at}.chat.chat.url`];
  const clear = problemsOf(keys);
  expect(clear).toHaveLength(3);
  for (const path of credentials) expect(clear.join("\n")).toContain(clearProblems(path, [])[0]?.message);
  expect(problemsOf(keys, credentials)).toEqual([]);
  expect(problemsOf(keys, ["monitoring.alerts"])).toEqual([]);
});
