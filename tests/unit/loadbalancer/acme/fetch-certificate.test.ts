import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate, makeKey } from "../../../support/certificates";
import { repository } from "../../../support/program";

const script = join(repository, "stacks/loadbalancer/acme/images/acme-balancer/fetch-certificate");
const text = (file: string) => readFileSync(file, "utf8");

let folder: string;
let key: string;
let previous: string;
let interim: string;
let served: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fetch-"));
  for (const name of ["store", "run"]) mkdirSync(join(folder, name));
  [key, previous] = ["key", "previous"].map((name) => makeKey(folder, name)) as [string, string];
  const farms = makeKey(folder, "farm");
  interim = join(folder, "interim");
  writeFileSync(interim, text(makeCertificate(folder, "farm.crt", farms, "farm")) + text(farms));
  served = join(folder, "run", "tls.pem");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs it, and tells whether what is served changed. */
function fetch(from = "-", keys = key): boolean {
  const env = { ...process.env, URL: "", KEYS: keys, STORE: join(folder, "store"), INTERIM: interim, SERVED: served };
  return spawnSync(script, [from], { env }).status === 0;
}

test("until there is a certificate the farm's own is served, and then the chain with its key", () => {
  expect([fetch(), text(served)]).toEqual([true, text(interim)]);
  expect(fetch()).toBe(false);
  const first = makeCertificate(folder, "first", key, "first");
  expect([fetch(first), text(served)]).toEqual([true, text(first) + text(key)]);
  expect(fetch(first)).toBe(false);
  const second = makeCertificate(folder, "second", key, "second");
  expect([fetch(second), text(served)]).toEqual([true, text(second) + text(key)]);
});

test.each([
  ["of another key", () => makeCertificate(folder, "other", previous, "other")],
  ["that has ended", () => makeCertificate(folder, "ended", key, "ended", -1)],
  ["that was cut short", () => part(makeCertificate(folder, "whole", key, "whole"))],
  ["that is none", () => interim.replace(/interim$/, "farm")],
  ["that is not there", () => join(folder, "nowhere")],
])("a certificate %s takes nothing away", (_, make) => {
  fetch(makeCertificate(folder, "first", key, "first"));
  const before = text(served);
  expect([fetch(make()), text(served)]).toEqual([false, before]);
  expect(readdirSync(join(folder, "store"))).toHaveLength(1);
});

function part(file: string): string {
  writeFileSync(file, text(file).slice(0, 200));
  return file;
}

test("a new task serves what the node has, also when it has ended", () => {
  const ended = makeCertificate(folder, "ended", key, "ended");
  fetch(ended);
  const [stored = ""] = readdirSync(join(folder, "store"));
  copyFileSync(makeCertificate(folder, "ended", key, "ended", -1), join(folder, "store", stored));
  rmSync(served);
  expect([fetch(), text(served)]).toEqual([true, text(ended) + text(key)]);
});

test("after a rotation the certificate of the previous key is served until there is one of the new key", () => {
  const old = makeCertificate(folder, "old", previous, "old");
  fetch(old, previous);
  rmSync(served);
  const keys = `${key} ${previous} ${join(folder, "nowhere")}`;
  expect([fetch("-", keys), text(served)]).toEqual([true, text(old) + text(previous)]);
  const renewed = makeCertificate(folder, "renewed", key, "renewed");
  expect([fetch(renewed, keys), text(served)]).toEqual([true, text(renewed) + text(key)]);
});

test("keys are in memory alone, where their user reads them alone", () => {
  fetch(makeCertificate(folder, "first", key, "first"));
  const stored = readdirSync(join(folder, "store")).map((name) => text(join(folder, "store", name)));
  expect(stored.join()).not.toContain("PRIVATE");
  expect(statSync(served).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, "run"))).toEqual(["tls.pem"]);
});
