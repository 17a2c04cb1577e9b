import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFiles } from "../../../../stacks/loadbalancer/files";
import { LoadBalancer } from "../../../../stacks/loadbalancer/schema";
import { makeCertificate, makeKey } from "../../../support/certificates";

const acme = { email: "me@example.com", agreeToTerms: true };
const at = "loadbalancer.certificate.acme";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "read-"));
  writeFileSync(join(folder, "junk.pem"), "junk");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const read = (certificate: object | undefined, secrets: readonly string[] = []) =>
  readFiles(LoadBalancer.parse({ certificate }), folder, secrets);

test("nothing is read where nothing is named", () => {
  for (const certificate of [undefined, { acme }])
    expect(read(certificate)).toEqual({
      files: { own: undefined, directoryCa: undefined, providerCa: undefined, certificates: [] },
      problems: [],
    });
});

test("a certificate in files is read as before, and its problems are reported", () => {
  const key = makeKey(folder, "key.pem");
  makeCertificate(folder, "cert.pem", key, "shop.example.com");
  const { files, problems } = read({ cert: "cert.pem", key: "key.pem" });
  expect([files.own?.cert, problems]).toEqual([expect.stringContaining("BEGIN CERTIFICATE"), []]);
  expect(read({ cert: "cert.pem", key: "nowhere.pem" }).problems).toEqual([
    { path: "loadbalancer.certificate.key", message: "is 'nowhere.pem'; there is no such file" },
  ]);
});

test("the CA of a directory is read", () => {
  makeCertificate(folder, "root.pem", makeKey(folder, "root.key"), "directory");
  const { files, problems } = read({ acme: { ...acme, ca: "root.pem" } });
  expect([files.directoryCa, problems]).toEqual([expect.stringContaining("BEGIN CERTIFICATE"), []]);
});

test.each([
  ["nowhere.pem", "there is no such file"],
  [".", "there is no such file"],
  ["junk.pem", "it is no certificate in PEM; name the file of the CA's certificate"],
])("as a CA '%s' is refused: %s", (ca, why) => {
  expect(read({ acme: { ...acme, ca } }).problems).toEqual([{ path: `${at}.ca`, message: `is '${ca}'; ${why}` }]);
});

test("credentials in the clear are refused, with the command that makes them secret", () => {
  const dns = { provider: "cloudflare", settings: { CLOUDFLARE_DNS_API_TOKEN: "topsecret" } };
  const setting = `${at}.dns.settings.CLOUDFLARE_DNS_API_TOKEN`;
  const command = `'./farm pulumi config set --path --secret swarm-farm:${setting}'`;
  expect(read({ acme: { ...acme, dns } }).problems).toEqual([
    {
      path: setting,
      message: `is in the clear; remove it from the file, ask the provider for another one, and set that by ${command}`,
    },
  ]);
  for (const secret of [setting, `${at}.dns`, "loadbalancer"])
    expect(read({ acme: { ...acme, dns } }, [secret]).problems).toEqual([]);
});
