import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { FakeSwarm, serviceSpec, startFakeDaemon } from "@swarm-farm/docker-api/fake";
import { eachMinute } from "../farm.ts";

const main = join(import.meta.dirname, "../../src/main.ts");

/** The program as a process, and all that it writes. */
function start(t: TestContext, settings: unknown) {
  const folder = mkdtempSync(join(tmpdir(), "jobs-"));
  writeFileSync(join(folder, "jobs.json"), JSON.stringify(settings));
  const child = spawn(process.execPath, ["--import", "tsx", main, "--config", join(folder, "jobs.json")]);
  t.after(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output.text += String(text)));
  return { child, output, ended: once(child, "close") as Promise<[number | null]> };
}

async function until(holds: () => boolean, output: { readonly text: string }): Promise<void> {
  for (let waited = 0; !holds(); waited += 20) {
    if (waited > 60_000) throw new Error(output.text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("it starts a job when that is due, shows it, and ends well on SIGTERM", async (t) => {
  const swarm = FakeSwarm.live();
  swarm.addNode("manager1");
  const labels = { ...eachMinute, "swarm.cronjob.schedule": "* * * * * *" };
  swarm.addService(serviceSpec("shop_report", { labels, replicas: 0, ends: true }));
  const daemon = await startFakeDaemon(swarm);
  t.after(daemon.close);
  const { child, output, ended } = start(t, { dockerHost: daemon.host, port: 0 });
  await until(() => output.text.includes("started its run of"), output);
  assert.equal(swarm.alive().length, 1);
  const port = /serves on port (\d+)/.exec(output.text)?.[1] ?? "";
  const page = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
  await until(() => daemon.requests.some(({ url }) => url.includes("/tasks")), output);
  const state = (await (await page("/state")).json()) as { service: string; next: string }[];
  assert.deepEqual([state[0]?.service, typeof state[0]?.next], ["shop_report", "string"]);
  assert.match(await (await page("/metrics")).text(), /swarm_farm_job_runs_total\{service="shop_report"\} 1/);
  assert.deepEqual([(await page("/healthz")).status, (await page("/healthz", { method: "POST" })).status], [200, 404]);
  child.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
  const requests = new Set(
    daemon.requests.map(({ method, url }) => `${method} ${url.replace(/\?.*/, "").replace(/id\d+/, "ID")}`),
  );
  assert.deepEqual([...requests].toSorted(), [
    "GET /v1.41/services",
    "GET /v1.41/services/ID",
    "GET /v1.41/tasks",
    "GET /version",
    "POST /v1.41/services/ID/update",
  ]);
});

test("a Docker that is away is said once, and a wrong setting ends it", async (t) => {
  const away = start(t, { dockerHost: "tcp://127.0.0.1:1", port: 0, periodSeconds: 1 });
  await until(() => away.output.text.includes("cannot look at the swarm"), away.output);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.equal(away.output.text.match(/cannot look/g)?.length, 1);
  const wrong = start(t, { port: "x" });
  assert.equal((await wrong.ended)[0], 1);
  assert.match(wrong.output.text, /^wrong settings:\nport: /);
});
