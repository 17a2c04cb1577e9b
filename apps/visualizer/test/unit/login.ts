import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readLogins } from "../../server/login.ts";
import { smallSwarm, stage, untilRead } from "../helpers.ts";

function fileOf(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "login-")), "login");
  writeFileSync(file, text);
  return file;
}

const as = (login: string): RequestInit => ({ headers: { authorization: `Basic ${btoa(login)}` } });

test("with a login others are shown nothing but the health", async (t) => {
  const on = await stage(t, smallSwarm(), { LOGIN_FILE: fileOf("ann:one:two\nbob:three\n") });
  await untilRead(on);
  for (const path of ["", "app.js", "state", "stream", "history?before=9", "log/x", "metrics", "nowhere"]) {
    for (const wrong of [{}, as("ann:one"), as("bob:one:two"), as("bob:")]) {
      assert.equal((await fetch(on.url + path, wrong)).status, 401, path);
    }
  }
  assert.equal((await fetch(`${on.url}state`, as("ann:one:two"))).status, 200);
  assert.equal((await fetch(`${on.url}metrics`, as("bob:three"))).status, 200);
  assert.equal((await fetch(`${on.url}healthz`)).status, 200);
});

test("a login that would let nobody in, or anybody, is refused", () => {
  assert.throws(() => readLogins(fileOf("")), /nobody could log in/);
  assert.throws(() => readLogins(fileOf("ann\n")), /is not name:password/);
  assert.throws(() => readLogins(fileOf("ann:\n")), /is not name:password/);
});
