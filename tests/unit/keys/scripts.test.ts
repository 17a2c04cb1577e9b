import { spawnSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readdirSync } from "node:fs";
import { thumbprintOf } from "../../../infra/keys/acme";
import { scripts } from "../../../infra/keys/scripts";
import { acmeAccount } from "../../support/states";

/** Runs a script as Pulumi does, with OpenSSL and the others themselves. */
function printed(script: string, env: Readonly<Record<string, string>> = {}, input = ""): string {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...env },
    input,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const json = (text: string) => JSON.parse(text) as Record<string, string>;
const authority = () => printed(scripts("authority.sh", { DAYS: 3650 }), { FARM: "it's dev" });

test("a server's certificate is signed by its CA for its names, and has its key", () => {
  const ca = authority();
  const names = { NAMES: "DNS:web.example,IP:10.77.0.11", COMMON: "web.example" };
  const { key = "", cert = "" } = json(printed(scripts("issue.sh", { DAYS: 825 }), names, ca));
  const [issuer, issued] = [new X509Certificate(json(ca).cert ?? ""), new X509Certificate(cert)];
  expect([issuer.ca, issuer.subject, issued.ca, issued.subject]).toEqual([
    true,
    "CN=swarm-farm it's dev",
    false,
    "CN=web.example",
  ]);
  expect(issued.verify(issuer.publicKey)).toBe(true);
  expect(issued.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(issued.subjectAltName).toBe("DNS:web.example, IP Address:10.77.0.11");
  const days = (certificate: X509Certificate) =>
    Math.round((Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000);
  expect([days(issuer), days(issued)]).toEqual([3650, 825]);
});

test("a key pair is Ed25519 in OpenSSH's format, its public half one line", () => {
  const { privateKey, publicKey } = json(printed(scripts("key-pair.sh", {}), { COMMENT: "swarm-farm dev" }));
  expect(privateKey).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
  expect(publicKey).toMatch(/^ssh-ed25519 \S+ swarm-farm dev$/);
});

test("a login's hashes are those of its password, which has 144 bits", () => {
  const { password = "", bcrypt = "", crypt = "" } = json(printed(scripts("login.sh", {})));
  expect([password, bcrypt, crypt]).toEqual([
    expect.stringMatching(/^[\w-]{24}$/),
    expect.stringMatching(/^\$2y\$04\$/),
    expect.stringMatching(/^\$5\$rounds=1000\$/),
  ]);
  const salt = crypt.split("$").slice(2, 4).join("$");
  expect(printed(`openssl passwd -5 -salt '${salt}' -stdin`, {}, password).trim()).toBe(crypt);
});

test("an account and a certificate of an ACME directory have a key each, and a request is signed for its names", () => {
  const { account = "", certificate = "" } = json(printed(scripts("acme-keys.sh", {})));
  expect(new Set([account, certificate]).size).toBe(2);
  expect(thumbprintOf(account)).toMatch(/^[\w-]{43}$/);
  const names = "DNS:shop.example.com,DNS:*.example.com";
  const request = printed(scripts("acme-request.sh", {}), { NAMES: names }, certificate);
  const shown = printed("openssl req -noout -text -verify", {}, request);
  expect(shown).toContain("DNS:shop.example.com, DNS:*.example.com");
  expect(shown).toMatch(/Subject: *\n/);
  expect(printed("openssl req -noout -pubkey", {}, request)).toBe(printed("openssl pkey -pubout", {}, certificate));
});

test("a thumbprint is that of the RFC, and no other key can be read", () => {
  expect(thumbprintOf(acmeAccount.key)).toBe(acmeAccount.thumbprint);
  expect(() => thumbprintOf("no key")).toThrow();
});

test("every password is another", () => {
  const passwords = [1, 2].map(() => printed(scripts("password.sh", {})));
  expect(passwords).toEqual([expect.stringMatching(/^[\w-]{24}$/), expect.stringMatching(/^[\w-]{24}$/)]);
  expect(new Set(passwords).size).toBe(2);
});

test("nothing of them is left in memory", () => {
  const before = readdirSync("/dev/shm");
  authority();
  expect(readdirSync("/dev/shm").filter((name) => name.startsWith("tmp.") && !before.includes(name))).toEqual([]);
});
