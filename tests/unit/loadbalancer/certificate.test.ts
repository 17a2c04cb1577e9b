import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateProblem } from "../../../stacks/loadbalancer/base/certificate";

const day = 24 * 60 * 60 * 1000;
const folder = mkdtempSync(join(tmpdir(), "certificate-"));
const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
const file = (name: string) => readFileSync(join(folder, name), "utf8");

beforeAll(() => {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  for (const name of ["own", "other"]) {
    openssl("req", "-x509", ...key, "-keyout", `${name}.key`, "-out", `${name}.crt`, "-days", "30", "-subj", "/CN=a");
  }
  openssl("pkey", "-in", "own.key", "-aes256", "-passout", "pass:x", "-out", "locked.key");
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function problem(cert: string, key: string, days = 1): string | undefined {
  return certificateProblem(cert, key, Date.now() + days * day);
}

test("a certificate with its key has no problem, from its first day to its last", () => {
  expect([1, 29].map((days) => problem(file("own.crt"), file("own.key"), days))).toEqual([undefined, undefined]);
});

test("a chain is judged by its first certificate, and newlines at the ends do not matter", () => {
  expect(problem(`${file("own.crt")}${file("other.crt")}`, file("own.key"))).toBeUndefined();
  expect(problem(file("own.crt").trim(), file("own.key").trim())).toBeUndefined();
  expect(problem(`${file("other.crt")}${file("own.crt")}`, file("own.key"))).toBe(
    "its key does not belong to its cert",
  );
});

test("reports a key of another certificate before it checks any date", () => {
  const messages = [1, 31, -1].map((days) => problem(file("own.crt"), file("other.key"), days));
  expect(messages).toEqual(Array(3).fill("its key does not belong to its cert"));
});

test.each([
  ["a text", () => "hello"],
  ["nothing", () => ""],
  ["a key", () => file("own.key")],
  ["half a certificate", () => file("own.crt").slice(0, 200)],
])("%s is no certificate", (_, cert) => {
  expect(problem(cert(), file("own.key"))).toBe("its cert is no certificate in PEM");
});

test.each([
  ["a text", () => "hello"],
  ["nothing", () => ""],
  ["a certificate", () => file("own.crt")],
  ["a key that a password locks", () => file("locked.key")],
])("%s is no key that can be used", (_, key) => {
  expect(problem(file("own.crt"), key())).toBe("its key is no private key in PEM, or has a password");
});

test("reports an expired certificate, and one that is not yet valid, with the time", () => {
  const time = "[A-Z][a-z]{2} +\\d+ \\d\\d:\\d\\d:\\d\\d \\d{4} GMT";
  expect(problem(file("own.crt"), file("own.key"), 31)).toMatch(new RegExp(`^its cert ended on ${time}; renew it$`));
  expect(problem(file("own.crt"), file("own.key"), -1)).toMatch(
    new RegExp(`^its cert begins on ${time}; is the clock of this machine right\\?$`),
  );
});
