import { z } from "zod";
import { Name, Word } from "../../../infra/config/primitives";

/** An address of mail; what a server accepts beyond this is its own. */
const MailAddress = z.string().regex(/^[^\s@<>,;"]+@[A-Za-z0-9.-]+$/, "must be an address such as ops@example.com");

const Url = z
  .string()
  .max(2048, "must have at most 2048 characters")
  .regex(/^https?:\/\/[^\s"'{}]+$/, "must be a URL with http or https");

const Email = z
  .strictObject({
    to: z.array(MailAddress).min(1).describe("Addresses that get it."),
    from: MailAddress.describe("The sender's address."),
    server: z
      .string()
      .regex(/^[A-Za-z0-9.-]+:\d{1,5}$/, "must be a server with its port, e.g. mail.example.com:587")
      .describe("The SMTP server with its port; 465 is TLS from the beginning, others STARTTLS."),
    user: Word.optional().describe("Default: no login."),
    password: Word.optional()
      .describe("Its password, encrypted: `./farm pulumi config set --secret --path`.")
      .meta({ credential: true }),
    requireTls: z.boolean().default(true).describe("Whether a server without TLS is refused."),
  })
  .describe("By mail.");

const Webhook = z
  .strictObject({
    url: Url.describe("Alertmanager posts JSON to it."),
    token: Word.optional()
      .describe("Sent as `Authorization: Bearer`; encrypted. Default: none.")
      .meta({ credential: true }),
  })
  .describe("To a program of yours.");

const Chat = z
  .strictObject({
    url: Url.describe("A webhook as Slack has it, which is a credential: encrypted.").meta({ credential: true }),
    channel: z.string().min(1).max(80).optional().describe("Default: the webhook's own."),
  })
  .describe("To a chat with webhooks as Slack has them: Slack, Mattermost, Rocket.Chat, a bridge of Matrix.");

const Receiver = z
  .strictObject({ email: Email.optional(), webhook: Webhook.optional(), chat: Chat.optional() })
  .refine(
    (all) => Object.keys(all).length === 1,
    "must have exactly one of email, webhook and chat; make a receiver of each",
  )
  .describe("Who is told, and how: one of `email`, `webhook` and `chat`.");

const Value = z.string().min(1).max(255);

/** Labels of alerts, by the names that keys have for them. */
export const labelOf = {
  alert: "alertname",
  severity: "severity",
  service: "service",
  node: "node",
  route: "route",
} as const;

const Match = z
  .strictObject({
    alert: Value.optional().describe("Its name, e.g. `NodeDown`."),
    severity: z.enum(["critical", "warning"]).optional(),
    service: Value.optional().describe("A service's name in the swarm."),
    node: Value.optional().describe("A node's name."),
    route: Value.optional().describe("A route's name."),
  })
  .refine(
    (all) => Object.keys(all).length > 0,
    `must have one of ${Object.keys(labelOf).join(", ")}; without one it would be every alert`,
  )
  .describe("Which alerts; all that it names must be so.");

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as "22:00", quoted');

export const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const Silence = z
  .strictObject({
    match: Match,
    days: z.array(z.enum(days)).min(1).optional().describe("Default: every day."),
    from: Clock.optional().describe("In UTC, with `to`. Default: all day."),
    to: Clock.optional().describe("If it is before `from`, on the next day."),
  })
  .describe("Alerts that nobody is told of; Prometheus shows them all the same. The first that matches holds.");

/** The keys of `monitoring.alerts`. */
export const Alerts = z
  .strictObject({
    receivers: z
      .record(Name, Receiver)
      .default({})
      .describe("By name. Default: none, alerts are at the route `monitoring` alone, under `api/v1/alerts`."),
    receiver: Name.optional().describe(
      "Of alerts that no route matches; needed with several receivers. Default: the only one.",
    ),
    routes: z
      .array(z.strictObject({ match: Match, receiver: Name.describe("The receiver's name.") }))
      .default([])
      .describe("Which alerts go to another receiver; the first that matches holds."),
    silences: z.array(Silence).default([]).describe("Alerts that nobody is told of."),
    repeatHours: z.int().min(1).max(720).default(12).describe("When an alert that still fires is sent again."),
    docsUrl: Url.optional().describe(
      "Where docs/ can be read, for links in alerts, e.g. your forge's URL of that folder. Default: links begin with docs/.",
    ),
  })
  .prefault({})
  .describe("Who is told of alerts, and of which.");

export type AlertsConfig = z.infer<typeof Alerts>;
export type ReceiverConfig = z.infer<typeof Receiver>;
export type MatchConfig = z.infer<typeof Match>;
export type SilenceConfig = z.infer<typeof Silence>;
