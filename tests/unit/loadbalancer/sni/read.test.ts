import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LoadBalancer } from "../../../../stacks/loadbalancer/schema";
import { hostsOf, readCertificates } from "../../../../stacks/loadbalancer/sni/read";
import { makeCertificate, makeKey } from "../../../support/certificates";

const folder = mkdtempSync(join(tmpdir(), "certificates-"));

/** Makes a certificate for names, and its key. */
function make(name: string, names: string): void {
  const key = makeKey(folder, `${name}.key`);
  const files = ["-key", key, "-out", join(folder, `${name}.crt`), "-days", "30", "-subj", "/CN=cn.example.org"];
  execFileSync("openssl", ["req", "-x509", "-new", ...files, "-addext", `subjectAltName=${names}`], { stdio: "pipe" });
}

beforeAll(() => {
  make("shop", "DNS:Shop.example.org,DNS:*.shop.example.org,IP:192.0.2.1,DNS:shop.example.org");
  make("blog", "DNS:blog.example.org");
  make("both", "DNS:other.example.org,DNS:blog.example.org");
  make("odd", "DNS:a.example.org,DNS:f*.example.org,DNS:a;b,DNS:{}");
  make("address", "IP:192.0.2.1");
  makeCertificate(folder, "bare.crt", makeKey(folder, "bare.key"), "bare.example.org");
  writeFileSync(join(folder, "text.crt"), "hello");
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const files = (cert: string, key = cert) => ({ cert: `${cert}.crt`, key: `${key}.key` });

function read(certificates: object) {
  const { files: found, problems } = readCertificates(LoadBalancer.parse({ certificates }), folder);
  return { found, problems: problems.map(({ path, message }) => `${path} ${message}`) };
}

test("a certificate's host names are its DNS names alone, each once, in lower case", () => {
  const of = (name: string) => hostsOf(readFileSync(join(folder, `${name}.crt`), "utf8"));
  expect(of("shop")).toEqual(["shop.example.org", "*.shop.example.org"]);
  expect([of("odd"), of("address"), of("bare")]).toEqual([["a.example.org"], [], []]);
});

test("each certificate is read with its key and names; without the key there is none", () => {
  const { found, problems } = read({ shop: files("shop"), blog: files("blog") });
  expect(problems).toEqual([]);
  expect(found.map(({ name, hosts }) => [name, hosts.length])).toEqual([
    ["shop", 2],
    ["blog", 1],
  ]);
  expect(found[1]?.key).toBe(readFileSync(join(folder, "blog.key"), "utf8"));
  expect(readCertificates({}, folder)).toEqual({ files: [], problems: [] });
});

const one = "loadbalancer.certificates.one";

test.each([
  [{ one: { cert: "none.crt", key: "shop.key" } }, `${one}.cert is 'none.crt'; there is no such file`],
  [{ one: files("shop", "blog") }, `${one} cannot be used: its key does not belong to its cert`],
  [{ one: files("text", "blog") }, `${one} cannot be used: its cert is no certificate in PEM`],
  [
    { one: files("bare") },
    `${one}.cert is 'bare.crt', which is for no host name; it must have DNS names (subjectAltName), by which clients ask for it`,
  ],
  [
    { one: files("blog"), two: files("both") },
    `loadbalancer.certificates.two is for 'blog.example.org', as '${one}' is; a name has one certificate: remove one of them`,
  ],
])("refused: %j", (certificates, message) => {
  expect(read(certificates).problems).toEqual([message]);
});

test("an expired one is refused with the date", () => {
  jest.useFakeTimers({ now: Date.now() + 31 * 24 * 60 * 60 * 1000 });
  try {
    expect(read({ one: files("blog") }).problems[0]).toMatch(/^\S+ cannot be used: its cert ended on .*; renew it$/);
  } finally {
    jest.useRealTimers();
  }
});

test.each([
  [{ one: { cert: "a" } }, "certificates.one.key"],
  [{ One: files("a") }, "certificates.One"],
  [{ [`a${"b".repeat(30)}`]: files("a") }, `certificates.a${"b".repeat(30)}`],
])("no certificate at all: %j", (certificates, path) => {
  const { error } = LoadBalancer.safeParse({ certificates });
  expect(error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});
