import assert from "node:assert/strict";
import { test } from "node:test";
import { columnOf, open, see, seeGone, skip } from "../browsing.ts";
import { smallSwarm, stage } from "../helpers.ts";
import { sampleSpec } from "../../fake/sample.ts";

test("an address that carries a name and a password is as good as any", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url.replace("//", "//ann:secret@"));
  await see(page, ".task.running");
  await page.locator("[data-task]").first().click();
  await see(page, "dialog[open] .log pre", "GET /page/");
});

test("every node is a column with its facts, and every task is on its node", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  assert.equal(await page.locator(".column").count(), 3);
  assert.equal(await page.locator(".task.running").count(), 8);
  const head = await page.locator(`${columnOf("manager1")} > header`).innerText();
  for (const fact of ["leader", "ready, active", "10.77.0.11", "zone=a", "CPU", "RAM", "/ 8 GiB"]) {
    assert.ok(head.includes(fact), `${fact} in ${head}`);
  }
  const web = await page.locator(".services li", { hasText: "web" }).innerText();
  assert.match(web, /5\/5/);
  assert.match(web, /nginx:1\.27/);
});

test("tasks appear, and one that is killed is seen to fail and to be replaced", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  const service = [...on.swarm.services.values()][0];
  assert.ok(service);
  on.swarm.scale(service, 7);
  t.diagnostic(`new tasks seen after ${await see(page, ".task", "web.7")} ms`);
  const task = on.swarm.alive(service)[0];
  assert.ok(task);
  on.swarm.kill(task);
  t.diagnostic(`a killed task seen after ${await see(page, ".task.failed", "failed, exit 137")} ms`);
  await see(page, ".task.running", "web.1");
  await see(page, ".timeline li.bad", /web\.1 failed on/);
});

test("a node that is drained, goes down and returns is seen within three seconds", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  const worker = [...on.swarm.nodes.values()][1];
  assert.ok(worker);
  const standing = `${columnOf("worker1")} .standing`;
  on.swarm.setNode(worker, { availability: "drain" });
  t.diagnostic(`drain seen after ${await see(page, standing, "ready, drain")} ms`);
  await seeGone(page, `${columnOf("worker1")} .task.running`);
  on.swarm.setNode(worker, { availability: "active", state: "down" });
  t.diagnostic(`down seen after ${await see(page, standing, "down, active: heartbeat failure")} ms`);
  await see(page, ".totals", "2 of 3 nodes ready");
  on.swarm.setNode(worker, { state: "ready" });
  t.diagnostic(`return seen after ${await see(page, standing, "ready, active")} ms`);
  await see(page, `${columnOf("worker1")} .task.running`, "agent@worker1");
  for (const text of ["is drained", "is down", "is ready"]) await see(page, ".timeline li", `node worker1 ${text}`);
});

test("a task that finds no node shows why", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  on.swarm.addService(sampleSpec("training", { constraints: ["node.labels.gpu==true"] }));
  await see(page, ".homeless .task.waiting", "no suitable node (scheduling constraints not satisfied on 3 nodes)");
  await see(page, ".services .short", "0 of 1 running");
  on.swarm.addNode("gpu1", { labels: { gpu: "true" } });
  await see(page, `${columnOf("gpu1")} .task`, "training.1");
  await seeGone(page, ".homeless");
});

test("an update is seen as it goes", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  const service = [...on.swarm.services.values()][0];
  assert.ok(service);
  on.swarm.startUpdate(service, "nginx:1.28");
  await see(page, ".services .update", "updating 0 of 5");
  on.swarm.updateNext(service);
  on.swarm.updateNext(service);
  await see(page, ".services .update", "updating 2 of 5");
  while (on.swarm.updateNext(service));
  await seeGone(page, ".services .update");
  await see(page, ".timeline li.good", "service web is updated");
});

test("a service that is removed while one of its tasks is looked at is shown as gone", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  await page.locator("[data-task]", { hasText: "web.1" }).click();
  await see(page, "dialog[open] h2", "web.1");
  const service = [...on.swarm.services.values()][0];
  if (service) on.swarm.removeService(service);
  await see(page, "dialog[open]", "gone: it was removed from the swarm");
  await page.keyboard.press("Escape");
  await seeGone(page, ".task", "web.1");
  await see(page, ".timeline li", "service web was removed");
});
