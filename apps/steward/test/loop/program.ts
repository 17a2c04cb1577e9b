import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { startFakeDaemon } from "@swarm-farm/docker-api/fake";
import { unevenSwarm } from "../world.ts";

const main = join(import.meta.dirname, "../../src/main.ts");

/** The steward as a process, and all that it writes. */
function start(t: TestContext, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ["--import", "tsx", main, ...args], {
    env: { PATH: process.env.PATH, ...environment },
  });
  t.after(() => child.kill("SIGKILL"));
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

test("`run` takes the lease, is found healthy, and on SIGTERM gives the lease back and ends well", async (t) => {
  const { swarm } = unevenSwarm(2);
  const daemon = await startFakeDaemon(swarm);
  t.after(daemon.close);
  const server = start(t, ["run"], { DOCKER_HOST: daemon.host, PORT: "0", PROMETHEUS_URL: "http://127.0.0.1:1" });
  await until(() => server.output.text.includes("holds the lease"), server.output);
  const port = /serves on port (\d+)/.exec(server.output.text)?.[1] ?? "";
  assert.deepEqual(await start(t, ["health"], { PORT: port }).ended, [0, null]);
  const state = (await (await fetch(`http://127.0.0.1:${port}/state?pretty`)).json()) as { holder: string; id: string };
  assert.ok(state.id !== "" && state.holder === state.id);
  assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`, { method: "POST" })).status, 404);
  server.child.kill("SIGTERM");
  assert.deepEqual(await server.ended, [0, null]);
  assert.deepEqual(
    [...swarm.configs.values()].map(({ labels }) => labels.holder),
    [""],
  );
  assert.equal((await start(t, ["health"], { PORT: port }).ended)[0], 1);
});

test("`rebalance --dry-run` prints its plan and changes nothing", async (t) => {
  const daemon = await startFakeDaemon(unevenSwarm(2).swarm);
  t.after(daemon.close);
  const { ended, output } = start(t, ["rebalance", "web", "--dry-run"], { DOCKER_HOST: daemon.host });
  assert.deepEqual(await ended, [0, null]);
  assert.match(output.text, /^would move: service 'web' is uneven \(worker-1 4, worker-2 0\)/);
  assert.deepEqual(daemon.writes, []);
});

test("a wrong command line, a wrong setting and a Docker that is away end it with their reason", async (t) => {
  const cases: readonly (readonly [readonly string[], Readonly<Record<string, string>>, RegExp])[] = [
    [[], {}, /^usage: steward run/],
    [["watch"], {}, /^usage: /],
    [["run", "web"], {}, /^usage: /],
    [["health", "--dry-run"], {}, /^usage: /],
    [["run", "--force"], {}, /Unknown option '--force'/],
    [["run", "--config", "/nowhere/settings.json"], {}, /settings file '\/nowhere\/settings\.json': ENOENT/],
    [
      ["run"],
      { THRESHOLD: "1", PERIOD_SECONDS: "soon" },
      /periodSeconds \(PERIOD_SECONDS\)[^]*threshold \(THRESHOLD\)/,
    ],
    [["rebalance"], { DOCKER_HOST: "tcp://127.0.0.1:1" }, /ECONNREFUSED/],
  ];
  await Promise.all(
    cases.map(async ([args, environment, why]) => {
      const { ended, output } = start(t, args, environment);
      assert.equal((await ended)[0], 1, args.join(" "));
      assert.match(output.text, why);
      assert.doesNotMatch(output.text, /^ +at /m, "a person does not read a stack");
    }),
  );
});
