import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as z from "zod";
import { UnsupportedApi } from "../src/index.ts";
import { commonApi, compareApi } from "../src/version.ts";
import { connected } from "./support.ts";

const daemon = (ApiVersion: string, MinAPIVersion = "") => ({ Version: "28.0.0", ApiVersion, MinAPIVersion });

test("versions are ordered as numbers", () => {
  assert.ok(compareApi("1.9", "1.41") < 0);
  assert.ok(compareApi("2.0", "1.99") > 0);
  assert.equal(compareApi("1.41", "1.41"), 0);
  const version = fc.tuple(fc.nat(9), fc.nat(99)).map((parts) => parts.join("."));
  fc.assert(fc.property(version, version, (a, b) => Math.sign(compareApi(a, b)) === -Math.sign(compareApi(b, a))));
});

test("the oldest version that both sides support is used", () => {
  assert.equal(commonApi(daemon("1.48", "1.24")), "1.41");
  assert.equal(commonApi(daemon("1.41")), "1.41");
  assert.equal(commonApi(daemon("1.60", "1.44")), "1.44");
});

test("a daemon that is too old is refused by name", () => {
  assert.throws(() => commonApi(daemon("1.40", "1.12")), UnsupportedApi);
  assert.throws(
    () => commonApi(daemon("1.40", "1.12")),
    /Docker 28\.0\.0 supports API 1\.40, which is too old: 1\.41 \(Docker 20\.10\) or newer is needed/,
  );
});

test("the version is asked for once, and again when the caller says so", async (t) => {
  const { docker, daemon: fake } = await connected(t);
  await docker.get("/nodes", z.unknown());
  await docker.get("/nodes", z.unknown());
  assert.deepEqual(
    fake.requests.map(({ url }) => url),
    ["/version", "/v1.41/nodes", "/v1.41/nodes"],
  );
  assert.deepEqual(await docker.negotiate(), { docker: "28.0.0", api: "1.41" });
  fake.apiVersion = "1.30";
  await assert.rejects(docker.negotiate(), UnsupportedApi);
});
