import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { generateSwarm } from "../../fake/generate.ts";
import { assertAccessible, examined, phone } from "../axe.ts";
import { open, see, seeGone, skip } from "../browsing.ts";
import { smallSwarm, stage, untilRead, type Stage } from "../helpers.ts";
import { anAlert } from "../samples.ts";

/** A swarm in which everything is to be seen: waiting, failed, ended, drained, down, updating, alerts. */
async function troubled(t: TestContext): Promise<Stage> {
  const on = await stage(t, generateSwarm(5, 20));
  await untilRead(on);
  const { swarm } = on;
  const workers = [...swarm.nodes.values()].filter((node) => node.role === "worker");
  const [service] = [...swarm.services.values()].filter(({ spec }) => spec.Mode.Replicated);
  if (workers[0]) swarm.setNode(workers[0], { availability: "drain" });
  if (workers[1]) swarm.setNode(workers[1], { state: "down" });
  if (service) swarm.startUpdate(service, "nginx:1.28");
  const task = service && swarm.alive(service)[0];
  if (task) swarm.kill(task);
  const firing = [anAlert({ since: 1 }), anAlert({ id: "disk", name: "DiskNearlyFull", level: "warn", since: 1 })];
  on.server.hub.setAlerts({ firing, problem: "Prometheus does not answer" });
  return on;
}

test("axe finds no serious problem: board and one task, light", { skip }, async (t) => {
  const on = await troubled(t);
  const page = await open(t, on.url, { ...examined, colorScheme: "light" });
  await see(page, ".task.failed");
  await see(page, ".alert.bad", "NodeDown");
  await assertAccessible(page);
  await page.locator("[data-task]").first().click();
  await see(page, "dialog[open] .log pre", "GET /page/");
  await assertAccessible(page, "dialog");
});

test("axe finds no serious problem: tiles on a phone, dark", { skip }, async (t) => {
  const on = await troubled(t);
  const page = await open(t, on.url, { ...examined, ...phone, colorScheme: "dark" });
  await see(page, ".task.failed");
  await page.getByRole("button", { name: "Tiles" }).tap();
  await assertAccessible(page);
});

test("a keyboard is enough", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const { activeElement: at } = document;
      return at?.getAttribute("data-task") ?? at?.textContent ?? "";
    });
  await page.keyboard.press("Tab");
  assert.match(await focused(), /To the tasks/);
  await page.keyboard.press("Enter");
  const tasks = (column: number): Promise<(string | null)[]> =>
    page
      .locator(`.column >> nth=${column} >> [data-task]`)
      .evaluateAll((links) => links.map((link) => link.getAttribute("data-task")));
  const [first, second] = await tasks(0);
  const [beside, besideSecond] = await tasks(1);
  assert.equal(await focused(), first);
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), second);
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), besideSecond);
  await page.keyboard.press("Home");
  assert.equal(await focused(), beside);
  await page.keyboard.press("Enter");
  await see(page, "dialog[open] .log pre", "GET /page/");
  assert.match(page.url(), /#.*task=/);
  await page.keyboard.press("Escape");
  await seeGone(page, "dialog[open]");
  assert.equal(await focused(), beside, "one is back where one was");
  await page.keyboard.press("/");
  await page.keyboard.type("web.2");
  await page.waitForFunction(() => document.querySelectorAll(".task").length === 1);
  assert.match(page.url(), /q=web\.2/);
});

test("a phone shows one part at a time, and nothing is wider than the screen", { skip }, async (t) => {
  const on = await troubled(t);
  const page = await open(t, on.url, phone);
  for (const [part, selector] of [
    ["Services", ".services"],
    ["Time line", ".timeline"],
    ["Nodes", ".board"],
  ] as const) {
    await page.locator(".views button", { hasText: part }).tap();
    await page.locator(selector).waitFor();
    const shown = await page.locator(".services:visible, .timeline:visible, .board:visible").count();
    assert.equal(shown, 1, part);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `${part} is ${width} wide`);
  }
  await page.locator("[data-task]").first().tap();
  await see(page, "dialog[open] h2");
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
});

test("the page follows the colours a person has chosen", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url, { colorScheme: "light" });
  const ground = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body.parentElement ?? document.body).backgroundColor);
  assert.equal(await ground(), "rgb(243, 245, 248)");
  await page.emulateMedia({ colorScheme: "dark" });
  assert.equal(await ground(), "rgb(14, 18, 23)");
});
