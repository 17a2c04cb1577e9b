import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import { startFakePrometheus } from "../../fake/prometheus.ts";
import { assertAccessible, examined, phone } from "../axe.ts";
import { open, see, seeGone, skip } from "../browsing.ts";
import { smallSwarm, stage } from "../helpers.ts";
import { anAlert } from "../samples.ts";

async function withGraphs(t: TestContext) {
  const swarm = smallSwarm();
  const prometheus = await startFakePrometheus(swarm);
  const on = await stage(t, swarm, { PROMETHEUS: prometheus.url });
  t.after(prometheus.close);
  return { on, prometheus };
}

/** How many colours a graph's canvas has: a line has some, an empty one none. */
const coloursOf = (page: Page): Promise<number> =>
  page
    .locator(".plot canvas")
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const colours = new Set<string>();
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) colours.add(data.slice(i, i + 3).join());
      return colours.size;
    });

test("the farm's graphs are drawn, and axe finds no serious problem, light", { skip }, async (t) => {
  const { on } = await withGraphs(t);
  const page = await open(t, on.url, { ...examined, colorScheme: "light" });
  await page.getByRole("link", { name: "Graphs", exact: true }).click();
  await see(page, ".graph[aria-busy=false] .plot canvas", undefined, 10_000);
  assert.match(page.url(), /#graphs=farm$/);
  assert.equal(await page.locator(".graph").count(), 6);
  assert.ok((await coloursOf(page)) > 3);
  await assertAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await see(page, ".plot canvas");
  await assertAccessible(page);
});

test("the drawing breaks none of the page's own rules, and follows the pointer", { skip }, async (t) => {
  const { on } = await withGraphs(t);
  const page = await open(t, on.url);
  await page.goto(`${on.url}#graphs=service&service=web&range=24h`);
  await see(page, ".plot canvas", undefined, 10_000);
  await page.locator(".plot").first().scrollIntoViewIfNeeded();
  await page.locator(".plot .u-over").first().hover();
  await page.waitForFunction(
    () => document.querySelector(".graph:last-child thead")?.textContent.includes("latest") === false,
  );
  await page.mouse.move(5, 5);
  await see(page, ".graph:last-child thead th", "latest");
});

test("on a phone, dark, graphs are as wide as the screen, and axe finds no serious problem", { skip }, async (t) => {
  const { on } = await withGraphs(t);
  const page = await open(t, on.url, { ...examined, ...phone, colorScheme: "dark" });
  await page.goto(`${on.url}#graphs=node&node=worker1`);
  await see(page, ".graph:last-child[aria-busy=false] .plot canvas", undefined, 10_000);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `it is ${width} wide`);
  await assertAccessible(page);
});

test("a keyboard reads a graph at each moment", { skip }, async (t) => {
  const { on } = await withGraphs(t);
  const page = await open(t, on.url);
  await page.goto(`${on.url}#graphs=route&route=shop`);
  const slider = page.getByRole("slider", { name: "Requests by class, time" });
  await slider.focus();
  await page.keyboard.press("Home");
  assert.equal(await slider.getAttribute("aria-valuenow"), "0");
  assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /^.+: 2xx [\d.]+\/s, 3xx/);
  await page.keyboard.press("ArrowRight");
  assert.equal(await slider.getAttribute("aria-valuenow"), "1");
});

test("a moment stays when a graph is drawn again", { skip }, async (t) => {
  const { on } = await withGraphs(t);
  const page = await open(t, on.url);
  await page.goto(`${on.url}#graphs=route&route=shop`);
  await see(page, ".plot canvas", undefined, 10_000);
  const slider = page.getByRole("slider", { name: "Requests by class, time" });
  await slider.focus();
  await page.keyboard.press("Home");
  await page.evaluate(() => document.querySelectorAll(".plot canvas").forEach((canvas) => canvas.remove()));
  await page.emulateMedia({ colorScheme: "dark" });
  await see(page, ".plot canvas", undefined, 10_000);
  await page.keyboard.press("ArrowRight");
  assert.equal(await slider.getAttribute("aria-valuenow"), "1");
});

test("an entry of the time line leads to the graphs of its time", { skip }, async (t) => {
  const { on } = await withGraphs(t);
  on.server.hub.setAlerts({ firing: [] });
  on.server.hub.setAlerts({ firing: [anAlert()] });
  const page = await open(t, on.url);
  await page.getByRole("link", { name: "graphs of that time" }).first().click();
  await see(page, ".around", /^around /);
  await see(page, ".graph .plot canvas", undefined, 10_000);
  await page.goBack();
  await see(page, ".task.running");
});

test("a Prometheus that is away takes only its graphs, and they are back with it", { skip }, async (t) => {
  const { on, prometheus } = await withGraphs(t);
  const page = await open(t, on.url);
  await prometheus.close();
  await page.goto(`${on.url}#graphs=farm`);
  await see(page, ".graph .note", "No graph: Prometheus does not answer: ", 10_000);
  await page.getByRole("button", { name: "Tasks", exact: true }).click();
  await see(page, ".task.running");
  await seeGone(page, ".graph");
});
