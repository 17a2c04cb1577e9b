import { withStacks } from "../../support/configs";
import { refusal } from "../../support/refusal";

/** Longer than any credential may be. */
const secret = "hunter2 ".repeat(100);
const oidc = { issuer: "https://login.example", clientId: "farm", emailDomains: ["*"], clientSecret: secret };
const s3 = { endpoint: "https://s3.example", bucket: "farm-backups", accessKey: "A", secretKey: secret };
const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICSsNZmA1+18b15ay7N8VREnaVv+VBc2s6JGr3KhFMf1";
const sftp = { host: "backup.example", user: "farm", hostKey, privateKey: secret };
const mail = { to: ["a@example.com"], from: "a@example.com", server: "mail.example:25", user: "a", password: secret };
const receiver = (kind: object) => ({ monitoring: { alerts: { receivers: { ops: kind }, receiver: "ops" } } });
const acme = (settings: object) => ({
  certificate: { acme: { email: "a@example.com", agreeToTerms: true, dns: { provider: "cloudflare", settings } } },
});

test.each([
  ["loadbalancer.oidc.clientSecret", { loadbalancer: { oidc } }],
  ["loadbalancer.certificate.acme.dns.settings.CLOUDFLARE_API_KEY", { loadbalancer: acme({ CLOUDFLARE_API_KEY: 17 }) }],
  ["backups.to.s3.secretKey", { backups: { to: { s3 }, volumes: ["a1"] } }],
  ["backups.to.sftp.privateKey", { backups: { to: { sftp }, volumes: ["a1"] } }],
  ["backups.password", { backups: { to: { folder: "/mnt/b" }, volumes: ["a1"], password: "short" } }],
  ["monitoring.alerts.receivers.ops.email.password", receiver({ email: mail })],
  ["monitoring.alerts.receivers.ops.webhook.token", receiver({ webhook: { url: "http://a.example", token: secret } })],
  ["monitoring.alerts.receivers.ops.chat.url", receiver({ chat: { url: "hunter2" } })],
])("%s: a value that is refused is not shown", (path, stacks) => {
  const problems = refusal(withStacks(stacks));
  expect(problems).toEqual([expect.stringMatching(`^${path}: is a secret that is not shown; must be `)]);
  expect(problems.join()).not.toMatch(/hunter2|short|17/);
});
