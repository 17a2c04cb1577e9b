import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** A phone, held upright. */
export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Fails with what axe finds serious or critical in a part of the page. */
export async function assertAccessible(page: Page, part = "html"): Promise<void> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(
    (selector) => (globalThis as unknown as { axe: typeof axe }).axe.run(selector, { resultTypes: ["violations"] }),
    part,
  );
  const serious = violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  assert.deepEqual(
    serious.map((one) => `${one.id}: ${one.nodes[0]?.html} ${one.nodes[0]?.failureSummary}`),
    [],
  );
}

/** For axe: it brings a script of its own, which the page's policy rightly refuses. */
export const examined: BrowserContextOptions = { bypassCSP: true, reducedMotion: "reduce" };
