import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { generateSwarm } from "../../fake/generate.ts";
import { loginOptions, realUrl } from "../../scripts/browser.ts";
import { columnOf, open, see, seeGone, skip } from "../browsing.ts";
import { allowance, stage } from "../helpers.ts";

/*
 * Properties of the page of any swarm. `VISUALIZER_URL` names a real one, `VISUALIZER_USER` and
 * `VISUALIZER_PASSWORD` its login; without it a fake one is looked at. `VISUALIZER_DOCKER` is its docker, e.g.
 * `./farm docker`, and `VISUALIZER_SHELL` runs a command on the node that follows, e.g. `./farm ssh`.
 */
const { VISUALIZER_DOCKER: client, VISUALIZER_SHELL: shell } = process.env;

const run = (command: string, ...args: string[]): string => {
  const [program = "", ...first] = command.split(" ");
  return execFileSync(program, [...first, ...args], { encoding: "utf8" }).trim();
};

test("the page of a swarm shows its nodes, tasks, services and a task's log", { skip }, async (t) => {
  const url = realUrl ?? (await stage(t, generateSwarm(5, 40))).url;
  const page = await open(t, url, loginOptions());
  t.diagnostic(realUrl ?? "a fake swarm");
  await see(page, ".connection", "live", 10_000);
  await see(page, ".column .standing.good", "ready, active");
  await see(page, ".task.running");
  await see(page, ".services li .replicas");
  await see(page, ".timeline h2");
  await page.locator(".task.running [data-task]").first().click();
  await see(page, "dialog[open] dd", /running for/);
  await page.locator("dialog .log pre[aria-busy=false]").waitFor({ timeout: allowance(10_000) });
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".notices p").count(), 0, await page.locator(".notices").innerText());
});

// Only there: of a fake one test/browser/live.ts sees the same.
const real = realUrl;
if (real && client && shell) {
  test("on a real swarm a killed task and a drained node are seen, and their return", { skip }, async (t) => {
    const page = await open(t, real, loginOptions());
    const docker = (...args: string[]) => run(client, ...args);
    const running = ["--filter", "desired-state=running", "--no-trunc", "--format", "{{.Node}} {{.Name}} {{.ID}}"];
    const [node = "", name = "", id = ""] = docker("service", "ps", "hello", ...running).split(/[ \n]/);
    run(shell, node, `docker kill $(docker ps -q --filter label=com.docker.swarm.task.id=${id})`);
    const failure = await see(page, ".timeline li.bad", `${name} failed on ${node}`, 10_000);
    t.diagnostic(`a killed task seen after ${failure} ms`);
    await see(page, ".task.running", name, 60_000);

    const drained = "worker2";
    docker("node", "update", "--availability", "drain", drained);
    try {
      t.diagnostic(`drain seen after ${await see(page, `${columnOf(drained)} .standing`, "ready, drain")} ms`);
      await seeGone(page, `${columnOf(drained)} .task.running`, undefined, 60_000);
    } finally {
      docker("node", "update", "--availability", "active", drained);
    }
    t.diagnostic(`return seen after ${await see(page, `${columnOf(drained)} .standing`, "ready, active")} ms`);
  });
}
