import assert from "node:assert/strict";
import { after, type TestContext } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { allowance } from "./helpers.ts";
import { chromiumPath, chromiumThere, openBrowser } from "../scripts/browser.ts";

/** Given to every browser test: why it is skipped, where there is no browser. */
export const skip = chromiumThere ? false : `there is no ${chromiumPath}`;

let browser: Promise<Browser> | undefined;
after(async () => {
  await (await browser)?.close();
});

/** A page that must not fail, send requests elsewhere, or break its own content policy: checked at the end. */
export async function open(t: TestContext, url: string, options: BrowserContextOptions = {}): Promise<Page> {
  browser ??= openBrowser();
  const context = await (await browser).newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(allowance(20_000));
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) faults.push(`requests ${request.url()}`);
  });
  page.on("console", (message) => {
    if (/content security policy|trusted/i.test(message.text())) faults.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(faults, []);
  });
  await page.goto(url);
  await page.locator(".column").first().waitFor();
  return page;
}

/** Waits until `selector` is there (and has `text`), and returns after how many milliseconds it was. */
export async function see(page: Page, selector: string, text?: string | RegExp, ms = 3_000): Promise<number> {
  const started = performance.now();
  const found = page.locator(selector, text === undefined ? {} : { hasText: text });
  await found.first().waitFor({ state: "attached", timeout: allowance(ms) });
  return Math.round(performance.now() - started);
}

/** Waits until `selector` is there no more. */
export async function seeGone(page: Page, selector: string, text?: string | RegExp, ms = 3_000): Promise<void> {
  const found = page.locator(selector, text === undefined ? {} : { hasText: text });
  await found.first().waitFor({ state: "detached", timeout: allowance(ms) });
}

/** The column of one node. */
export const columnOf = (name: string): string => `.column:has(h3:has-text("${name}"))`;
