import { Alerts } from "../../../stacks/monitoring/alerts/schema";
import { alertmanagerConfig } from "../../../stacks/monitoring/alerts/alertmanager";
import { fire, startAlertmanager, startWebhook, until, type Program } from "../../support/alerting";
import { startMailbox, type Mailbox } from "../../support/mailbox";
import { alertmanagerProgram } from "../../support/prometheus";

const annotations = { summary: "node worker1 is down", action: "./farm doctor", page: "docs/how-to/repair.md" };
const down = { alertname: "NodeDown", severity: "critical", node: "worker1" };

let hook: Awaited<ReturnType<typeof startWebhook>>;
let mailbox: Mailbox;
let running: Program | undefined;

beforeEach(async () => {
  hook = await startWebhook();
  mailbox = await startMailbox();
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await hook.stop();
  await mailbox.stop();
});

/** Alertmanager with the configuration that these keys give. */
async function start(alerts: object): Promise<number> {
  const config = alertmanagerConfig(Alerts.parse(alerts));
  running = await startAlertmanager(alertmanagerProgram ?? "", config ?? {});
  return running.port;
}

const mail = (more: object = {}) => ({
  to: ["ops@example.com", "night@example.com"],
  from: "farm@example.com",
  server: `127.0.0.1:${String(mailbox.port)}`,
  requireTls: false,
  ...more,
});

/** Bodies that were posted to a path. */
const posted = (path: string) => hook.calls.filter((call) => call.path === path).map(({ body }) => body);

async function failures(port: number, integration: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
  const pattern = new RegExp(`^alertmanager_notifications_failed_total\\{integration="${integration}"\\} (\\d+)`, "m");
  return Number(pattern.exec(text)?.[1]);
}

const real = alertmanagerProgram === undefined ? describe.skip : describe;

real("a real Alertmanager", () => {
  test("delivers to a webhook with its token, and says when it is over", async () => {
    const port = await start({ receivers: { hook: { webhook: { url: `${hook.url}/alerts`, token: "s3cret" } } } });
    await fire(port, down, annotations);
    await until(() => posted("/alerts").length === 1);
    expect(posted("/alerts")[0]).toMatchObject({
      status: "firing",
      receiver: "hook",
      alerts: [{ labels: down, annotations }],
    });
    expect(hook.calls[0]?.headers.authorization).toBe("Bearer s3cret");
    await fire(port, down, annotations, true);
    await until(() => posted("/alerts").length === 2);
    expect(posted("/alerts")[1]).toMatchObject({ status: "resolved" });
  });

  test("delivers by mail with a login, as text that says what to do", async () => {
    const email = mail({ user: "farm", password: "pa55word" });
    const port = await start({ receivers: { ops: { email } } });
    await fire(port, down, annotations);
    await until(() => mailbox.messages.length === 1);
    const login = Buffer.from("\0farm\0pa55word").toString("base64");
    expect(mailbox.commands).toEqual(
      expect.arrayContaining([
        `AUTH PLAIN ${login}`,
        "RCPT TO:<ops@example.com>",
        "RCPT TO:<night@example.com>",
        "MAIL FROM:<farm@example.com>",
      ]),
    );
    const [message = ""] = mailbox.messages;
    expect(message).toMatch(/^Subject: \[firing 1\] NodeDown/m);
    for (const text of Object.values(annotations)) expect(message).toContain(text);
    expect(message).not.toContain("text/html");
  });

  test("delivers to a chat", async () => {
    const port = await start({ receivers: { chat: { chat: { url: `${hook.url}/chat`, channel: "#ops" } } } });
    await fire(port, down, annotations);
    await until(() => posted("/chat").length === 1);
    expect(posted("/chat")[0]).toMatchObject({
      channel: "#ops",
      attachments: [
        {
          title: "[firing 1] NodeDown",
          text: "node worker1 is down\n./farm doctor\ndocs/how-to/repair.md\n",
        },
      ],
    });
  });

  test("routes by labels, and tells nobody of what is silenced", async () => {
    const webhook = (path: string) => ({ webhook: { url: `${hook.url}${path}` } });
    const port = await start({
      receivers: { day: webhook("/day"), night: webhook("/night") },
      receiver: "day",
      routes: [{ match: { severity: "critical", node: "worker1" }, receiver: "night" }],
      silences: [
        { match: { alert: "ClockWrong" } },
        // No time of any day: what it matches is sent as if it were not there.
        { match: { alert: "TasksRestart" }, days: [dayThatIsNot()] },
      ],
    });
    await fire(port, { ...down, alertname: "ClockWrong" }, annotations);
    await fire(port, down, annotations);
    await fire(port, { alertname: "TasksRestart", severity: "warning" }, annotations);
    await until(() => posted("/night").length === 1 && posted("/day").length === 1);
    expect(posted("/day")[0]).toMatchObject({ alerts: [{ labels: { alertname: "TasksRestart" } }] });
    expect(JSON.stringify(hook.calls)).not.toContain("ClockWrong");
  });

  test("a silence of today holds today, also for alerts of a route", async () => {
    const webhook = (path: string) => ({ webhook: { url: `${hook.url}${path}` } });
    const port = await start({
      receivers: { day: webhook("/day"), night: webhook("/night") },
      receiver: "day",
      routes: [{ match: { severity: "critical" }, receiver: "night" }],
      silences: [{ match: { node: "worker1" }, from: "00:00", to: "23:59" }],
    });
    await fire(port, down, annotations);
    await fire(port, { ...down, node: "worker2" }, annotations);
    await until(() => posted("/night").length > 0);
    expect(JSON.stringify(posted("/night"))).not.toContain('"worker1"');
  });

  test("counts what a mail server refuses, which an alert is about, and goes on with others", async () => {
    const refusing = await startMailbox(true);
    try {
      const email = mail({ server: `127.0.0.1:${String(refusing.port)}` });
      const port = await start({
        receivers: { ops: { email }, hook: { webhook: { url: `${hook.url}/alerts` } } },
        receiver: "ops",
        routes: [{ match: { severity: "warning" }, receiver: "hook" }],
      });
      await fire(port, down, annotations);
      await fire(port, { alertname: "TasksRestart", severity: "warning" }, annotations);
      await until(() => posted("/alerts").length === 1);
      await until(async () => (await failures(port, "email")) > 0, 60_000);
      expect(refusing.messages).toEqual([]);
    } finally {
      await refusing.stop();
    }
  });

  test("gives up on a webhook that hangs, and counts it", async () => {
    const port = await start({ receivers: { hook: { webhook: { url: `${hook.url}/hang` } } } });
    await fire(port, down, annotations);
    await until(async () => (await failures(port, "webhook")) > 0, 60_000);
    expect(posted("/hang").length).toBeGreaterThan(0);
  });

  test("takes every kind of silence", async () => {
    const silence = (more: object) => ({ match: { service: 'we"b', route: "shop" }, ...more });
    await start({
      receivers: { hook: { webhook: { url: hook.url } } },
      silences: [
        silence({}),
        silence({ from: "22:00", to: "06:00" }),
        silence({ from: "22:00", to: "00:00", days: ["sunday"] }),
        silence({ days: ["monday", "sunday"] }),
      ],
    });
  });
});

/** Neither today nor tomorrow, by UTC. */
function dayThatIsNot(): string {
  const names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
  return names[(new Date().getUTCDay() + 3) % 7] ?? "";
}

test("without a receiver there is no configuration", () => {
  expect(alertmanagerConfig(Alerts.parse({}))).toBeUndefined();
});
