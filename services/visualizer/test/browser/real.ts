import assert from "node:assert/strict";
import { test } from "node:test";
import { generateSwarm } from "../../fake/generate.ts";
import { loginOptions, realUrl } from "../../scripts/browser.ts";
import { open, see, skip } from "../browsing.ts";
import { stage } from "../helpers.ts";

/*
 * What must hold of the page of any swarm. `VISUALIZER_URL` names a real one, `VISUALIZER_USER` and
 * `VISUALIZER_PASSWORD` its login; without it a fake one is looked at.
 */
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
  await page.locator("dialog .log pre[aria-busy=false]").waitFor({ timeout: 10_000 });
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".notices p").count(), 0, await page.locator(".notices").innerText());
});
