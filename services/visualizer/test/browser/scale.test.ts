import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { CDPSession } from "playwright-core";
import { churn, generateSwarm, makeRandom } from "../../fake/generate.ts";
import { open, see, skip } from "../browsing.ts";
import { stage, untilRead } from "../helpers.ts";

test("50 nodes and 2,000 tasks: the first picture is there within a second of the data", { skip }, async (t) => {
  const on = await stage(t, generateSwarm(50, 2_000));
  await untilRead(on);
  const page = await open(t, on.url);
  const took = await page.waitForFunction(() => performance.getEntriesByName("first picture")[0]?.duration);
  const ms = Math.round(Number(await took.jsonValue()));
  t.diagnostic(`first picture ${ms} ms after the data`);
  assert.equal(await page.locator(".column:not(.homeless)").count(), 50);
  assert.ok((await page.locator(".task").count()) >= 2_000);
  assert.ok(ms < 1_000, `${ms} ms`);
});

test("50 nodes and 2,000 tasks: a change draws what changed, not the page", { skip }, async (t) => {
  const on = await stage(t, generateSwarm(50, 2_000));
  await untilRead(on);
  const page = await open(t, on.url);
  await see(page, ".task");
  await page.evaluate(() => {
    for (const task of document.querySelectorAll(".task")) task.setAttribute("data-old", "");
    const touched = new Set<Node>();
    Object.assign(globalThis, { touched });
    new MutationObserver((records) => {
      for (const { addedNodes, removedNodes } of records) {
        for (const node of [...addedNodes, ...removedNodes]) if (node instanceof Element) touched.add(node);
      }
    }).observe(document.querySelector(".board") ?? document.body, { childList: true, subtree: true });
  });
  const task = on.swarm.alive()[777];
  assert.ok(task);
  on.swarm.kill(task);
  t.diagnostic(`seen after ${await see(page, ".task.failed")} ms`);
  await see(page, ".task:not([data-old])");
  const touched = await page.evaluate(() => (globalThis as unknown as { touched: Set<Node> }).touched.size);
  t.diagnostic(`${touched} elements came or went`);
  assert.ok(touched <= 8, `${touched} elements came or went`);
  assert.ok((await page.locator(".task[data-old]").count()) >= 1_999);
});

async function heapMb(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

test("an hour of churn, played fast, leaves the page's memory flat", { skip }, async (t) => {
  const swarm = generateSwarm(20, 400);
  const on = await stage(t, swarm);
  await untilRead(on);
  const page = await open(t, on.url);
  const session = await page.context().newCDPSession(page);
  const random = makeRandom(7);
  // About one thing in one and a half seconds is 2,400 in an hour.
  const play = async (steps: number): Promise<void> => {
    for (let i = 0; i < steps; i++) {
      churn(swarm, random);
      if (i % 20 === 19) await sleep(90);
    }
    await sleep(1_000);
  };
  await play(800);
  const before = await heapMb(session);
  await play(2_400);
  const after = await heapMb(session);
  t.diagnostic(`page's heap ${before.toFixed(1)} MB, after an hour's churn ${after.toFixed(1)} MB`);
  assert.ok(after < before * 1.25 + 1, `from ${before.toFixed(1)} to ${after.toFixed(1)} MB`);
  const nodes = await page.locator(".task").count();
  assert.ok(nodes < 1_000, `${nodes} tasks are shown`);
});
