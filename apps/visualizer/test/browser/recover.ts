import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { listen, visualizer } from "../../fake/run.ts";
import { open, see, seeGone, skip } from "../browsing.ts";
import { smallSwarm, stage, untilRead } from "../helpers.ts";

/** Leaves a mark on the page that a reload would wipe. */
const remember = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.body.setAttribute("data-same", "");
  });
const isSame = (page: Page): Promise<boolean> => page.evaluate(() => document.body.hasAttribute("data-same"));

test("when Docker goes away the page shows it, and continues by itself", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  await remember(page);
  await on.docker.close();
  await see(page, ".notices", "Docker cannot be read");
  await see(page, ".connection", "Docker is away");
  assert.equal(await page.locator(".column").count(), 3, "what was known is still shown");
  on.swarm.addNode("worker3");
  const again = await listen(on.swarm, on.docker.socket);
  t.after(again.close);
  await see(page, ".column h3", "worker3", 6_000);
  await seeGone(page, ".notices p");
  assert.ok(await isSame(page));
});

test("when the server goes away the page shows it, and continues with the next one", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  const first = await visualizer(on.docker.socket);
  const page = await open(t, `http://127.0.0.1:${first.port}/`);
  await remember(page);
  await first.stop();
  await see(page, ".notices", "Not connected: the server does not answer. Trying again");
  on.swarm.addNode("worker3");
  const second = await visualizer(on.docker.socket, { PORT: String(first.port) });
  t.after(second.stop);
  await see(page, ".column h3", "worker3", 12_000);
  await see(page, ".connection", "live");
  await seeGone(page, ".notices p");
  assert.ok(await isSame(page));
});

test("an old API and a clock that is off are shown in words", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  const page = await open(t, on.url);
  await remember(page);
  on.docker.daemon.apiVersion = "1.24";
  for (const stream of on.docker.daemon.streams) stream.destroy();
  await see(page, ".notices", "supports API 1.24, which is too old: 1.41 (Docker 20.10) or newer is needed");
  on.docker.daemon.apiVersion = "1.47";
  await seeGone(page, ".notices p", "too old", 6_000);
  for (const task of on.swarm.tasks.values()) task.stateAt += 60_000;
  await see(page, ".notices", /the clock of 'manager1' is at least \d+ s ahead of the manager's/);
  assert.ok(await isSame(page));
});

test("ages go by the swarm's clock where this computer's is off", { skip }, async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  const page = await open(t, on.url);
  await page.addInitScript(() => {
    const real = Date.now.bind(Date);
    Date.now = () => real() - 3 * 3_600_000;
  });
  await page.reload();
  await see(page, ".notices", /This computer's clock is (2|3) h behind the swarm's/);
  const ages = await page.locator(".task .age").allInnerTexts();
  assert.ok(
    ages.every((age) => /^(now|\d+ s)$/.test(age)),
    ages.join(),
  );
});
