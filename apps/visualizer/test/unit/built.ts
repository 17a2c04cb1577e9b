import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readAssets } from "../../server/assets.ts";
import { readSettings } from "../../server/settings.ts";
import { listen } from "../../fake/run.ts";
import { smallSwarm, until } from "../helpers.ts";

const dist = join(import.meta.dirname, "../../dist");

test("the page is at most 100 kB compressed", (t) => {
  const assets = readAssets(join(dist, "public"));
  const bytes = [...assets.values()].reduce((sum, asset) => sum + asset.gzipped.length, 0);
  t.diagnostic(`${(bytes / 1000).toFixed(1)} kB compressed`);
  assert.ok(assets.has("/") && assets.has("/app.js") && assets.has("/app.css"));
  assert.ok(bytes <= 100_000, `${bytes} bytes`);
});

test("the page names no address but its own, and has no script or style inside", () => {
  for (const name of readdirSync(join(dist, "public"))) {
    const text = readFileSync(join(dist, "public", name), "utf8").replaceAll(/http:\/\/www\.w3\.org\/[\w/]+/g, "");
    assert.doesNotMatch(text, /https?:\/\/|["'(]\/\/\w/, name);
  }
  assert.doesNotMatch(readFileSync(join(dist, "public/index.html"), "utf8"), /<script>|<style|style=|onload=/);
});

function run(t: TestContext, args: readonly string[], environment: Readonly<Record<string, string>>) {
  const child: ChildProcess = spawn(process.execPath, [join(dist, "server.js"), ...args], {
    env: { PATH: process.env.PATH, ...environment },
  });
  t.after(() => child.kill("SIGKILL"));
  const output = { text: "" };
  child.stdout?.on("data", (chunk: Buffer) => (output.text += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output.text += chunk.toString()));
  return { child, output, ended: once(child, "exit") as Promise<[number | null]> };
}

test("the build runs with plain node, becomes healthy, and exits on a signal", async (t) => {
  const docker = await listen(smallSwarm());
  t.after(docker.close);
  const environment = { DOCKER_HOST: `unix://${docker.socket}`, PORT: "0", HOST: "127.0.0.1" };
  const server = run(t, [], environment);
  await until("it reads", () => server.output.text.includes("reading the swarm of 'manager1'"));
  const port = /listening on port (\d+)/.exec(server.output.text)?.[1] ?? "";
  const page = await fetch(`http://127.0.0.1:${port}/`);
  assert.match(
    page.headers.get("content-security-policy") ?? "",
    /^default-src 'none'; script-src 'self'; style-src 'self'/,
  );
  assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  assert.deepEqual(await run(t, ["health"], { PORT: port }).ended, [0, null]);
  server.child.kill("SIGTERM");
  assert.deepEqual(await server.ended, [0, null]);
  assert.deepEqual(await run(t, ["health"], { PORT: port }).ended, [1, null]);
});

test("a wrong setting is refused with its name, and an unknown mode with those there are", async (t) => {
  const wrong = run(t, [], { PORT: "http", DOCKER_HOST: "ssh://somewhere" });
  assert.deepEqual(await wrong.ended, [1, null]);
  assert.match(wrong.output.text, /PORT: /);
  assert.match(wrong.output.text, /DOCKER_HOST: is unix:\/\/\/path or tcp:\/\/host:port/);
  const unknown = run(t, ["writer"], {});
  assert.deepEqual(await unknown.ended, [1, null]);
  assert.match(unknown.output.text, /there are page and health/);
});

test("settings have defaults, and an empty one counts as not set", () => {
  assert.equal(readSettings({ PORT: "", LOGS: "off" }).PORT, 8080);
  assert.equal(readSettings({}).DOCKER_HOST, "unix:///var/run/docker.sock");
});
