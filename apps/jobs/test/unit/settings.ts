import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readSettings } from "../../src/settings.ts";

function read(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "jobs-"));
  try {
    writeFileSync(join(folder, "jobs.json"), text);
    return readSettings(join(folder, "jobs.json"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("settings have defaults, and a file sets them", () => {
  const defaults = {
    dockerHost: "unix:///var/run/docker.sock",
    port: 8080,
    timeZone: "UTC",
    requestSeconds: 15,
    periodSeconds: 5,
  };
  assert.deepEqual(readSettings(undefined), defaults);
  assert.deepEqual(read('{"timeZone":"Europe/Berlin"}'), { ...defaults, timeZone: "Europe/Berlin" });
});

test("every wrong setting is named", () => {
  assert.throws(() => read('{"port":-1,"dockerHost":"docker"}'), /dockerHost: must be unix[^]*port: /);
  assert.throws(() => read('{"zone":"UTC"}'), /zone/);
  assert.throws(() => read("{"), /JSON/);
});
