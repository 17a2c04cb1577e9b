import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test, type TestContext } from "node:test";
import type axe from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";
import { generateSwarm } from "../../fake/generate.ts";
import { open, see, seeGone, skip } from "../browsing.ts";
import { smallSwarm, stage, untilRead, type Stage } from "../helpers.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  const serious = violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  assert.deepEqual(
    serious.map((one) => `${one.id}: ${one.nodes[0]?.html} ${one.nodes[0]?.failureSummary}`),
    [],
  );
}

/** A swarm in which everything is to be seen: waiting, failed, ended, drained, down, updating. */
async function troubled(t: TestContext): Promise<Stage> {
  const on = await stage(t, generateSwarm(6, 40));
  await untilRead(on);
  const { swarm } = on;
  const workers = [...swarm.nodes.values()].filter((node) => node.role === "worker");
  const [service] = [...swarm.services.values()].filter((one) => one.mode === "replicated");
  if (workers[0]) swarm.setNode(workers[0], { availability: "drain" });
  if (workers[1]) swarm.setNode(workers[1], { state: "down" });
  if (service) swarm.startUpdate(service, "nginx:1.28");
  const task = service && swarm.alive(service.id)[0];
  if (task) swarm.kill(task);
  return on;
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds no serious problem, ${colorScheme}: board, tiles, one task, phone`, { skip }, async (t) => {
    const on = await troubled(t);
    // The tool brings a script of its own, which the page's policy rightly refuses.
    const page = await open(t, on.url, { colorScheme, bypassCSP: true, reducedMotion: "reduce" });
    await see(page, ".task.failed");
    await assertAccessible(page);
    await page.getByRole("button", { name: "Tiles" }).click();
    await assertAccessible(page);
    await page.locator("[data-task]").first().click();
    await see(page, "dialog[open] .log pre", "GET /page/");
    await assertAccessible(page);
    const small = await open(t, on.url, { colorScheme, bypassCSP: true, ...phone });
    await assertAccessible(small);
  });
}

test("a keyboard is enough", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.keyboard.press("Tab");
  assert.match(await focused(), /To the tasks/);
  await page.keyboard.press("Enter");
  const [first, second] = await page.locator(".column >> nth=0 >> [data-task]").allTextContents();
  assert.equal(await focused(), first);
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), second);
  await page.keyboard.press("ArrowRight");
  assert.match(await focused(), /web\.|agent@worker1/);
  await page.keyboard.press("Home");
  const where = await focused();
  await page.keyboard.press("Enter");
  await see(page, "dialog[open] .log pre", "GET /page/");
  assert.match(page.url(), /#.*task=/);
  await page.keyboard.press("Escape");
  await seeGone(page, "dialog[open]");
  assert.equal(await focused(), where, "one is back where one was");
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
  const ground = (page: Page): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground(await open(t, on.url, { colorScheme: "light" }));
  const dark = await ground(await open(t, on.url, { colorScheme: "dark" }));
  assert.equal(light, "rgb(243, 245, 248)");
  assert.equal(dark, "rgb(14, 18, 23)");
});
