import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeSwarm } from "@swarm-farm/docker-api/fake";
import { open, see, seeGone, skip } from "../browsing.ts";
import { smallSwarm, stage, until } from "../helpers.ts";
import { sampleSpec } from "../../fake/sample.ts";

test("one looks at a service, a node or a state, and can come back to it by its address", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  const names = (): Promise<string[]> => page.locator(".task .name").allInnerTexts();
  await page.locator(".services button", { hasText: "agent" }).click();
  await seeGone(page, ".task", "web");
  assert.deepEqual(await names(), ["agent@manager1", "agent@worker1", "agent@worker2"]);
  await page.locator(".filters select").nth(1).selectOption("worker1");
  assert.deepEqual(await names(), ["agent@worker1"]);
  const address = page.url();
  assert.match(address, /#service=agent&node=worker1$/);
  await page.goBack();
  assert.equal((await names()).length, 3);
  const other = await open(t, address);
  await see(other, ".task", "agent@worker1");
  assert.equal(await other.locator(".task").count(), 1);
  await other.getByRole("button", { name: "failed" }).click();
  await see(other, ".empty", "Nothing here matches what you look for.");
  await other.getByRole("button", { name: "Show all" }).click();
  await see(other, ".task", "web.5");
});

test("a click on a task leads to its last log lines, a link to it too", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  await page.locator("[data-task]", { hasText: "web.2" }).click();
  await see(page, "dialog[open] .log pre", "GET /page/29 200");
  await see(page, "dialog[open] .log .err", "<b>not bold</b> ünïcode 漢字");
  const other = await open(t, page.url());
  await see(other, "dialog[open] h2", "web.2");
  await other.goto(`${on.url}#task=nosuchtask`);
  await see(other, "dialog[open]", "There is no task 'nosuchtask', or it is gone.");
});

test("names in any script, and scripts in names, are only shown", { skip }, async (t) => {
  const swarm = FakeSwarm.live();
  const odd = ["<script>alert(1)</script>", "узел-1", "ノード", "مرحبا", "a&amp;'\"b", "👩‍🚀", "x".repeat(200)];
  for (const hostname of odd) swarm.addNode(hostname, { labels: { [hostname]: "<img src=x onerror=alert(1)>" } });
  swarm.addService(sampleSpec("<b>web</b>", { replicas: 14, image: "<i>image</i>" }));
  const on = await stage(t, swarm);
  const page = await open(t, on.url, { viewport: { width: 390, height: 844 } });
  page.on("dialog", () => assert.fail("a name was run"));
  const shown = await page.locator(".column h3 bdi").allInnerTexts();
  assert.deepEqual([...shown].sort(), [...odd].sort());
  assert.equal(await page.locator("#app :is(script, img[src=x], h3 b)").count(), 0);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
});

test("a service with several ports still has its name on one line", { skip }, async (t) => {
  const swarm = smallSwarm();
  swarm.addService(sampleSpec("loadbalancer", { global: true, ports: [80, 443] }));
  const on = await stage(t, swarm);
  const page = await open(t, on.url, { viewport: { width: 1440, height: 900 } });
  const heights = await page
    .locator(".services .name")
    .evaluateAll((names) => names.map((name) => name.getBoundingClientRect().height));
  assert.equal(new Set(heights).size, 1, `heights: ${heights.join(" ")}`);
});

test("the time line can be scrolled back to its beginning", { skip }, async (t) => {
  const swarm = smallSwarm();
  const on = await stage(t, swarm);
  const page = await open(t, on.url);
  const service = [...swarm.services.values()][0];
  assert.ok(service);
  for (let round = 0; round < 26; round++) {
    const killed = swarm.alive(service);
    for (const task of killed) swarm.kill(task);
    const seen = (): boolean => killed.every(({ id }) => on.server.hub.clusterState.tasks.get(id)?.state === "failed");
    await until("the server has seen it", seen);
  }
  await page.reload();
  await see(page, ".timeline li", /web\.\d failed/);
  const timeline = page.locator(".timeline");
  await until("the first line is reached", async () => {
    await timeline.evaluate((list) => {
      list.scrollTop = list.scrollHeight;
    });
    return (await page.locator(".timeline .more").count()) === 0;
  });
  const lines = await page.locator(".timeline li.bad").count();
  assert.ok(lines >= 130, String(lines));
});
