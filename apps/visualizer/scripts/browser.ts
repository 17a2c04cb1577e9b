import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium } from "playwright-core";

/** Where Debian puts it; another one by `CHROMIUM`. */
export const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Whether there is a browser to test with. */
export const chromiumThere = existsSync(chromiumPath);

/** A headless browser of the system's own, that sends no request by itself. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** A page of a real swarm to look at instead of a fake one. */
export const realUrl = process.env.VISUALIZER_URL;

/** How to get past a real page's login; a farm's certificate is its own. */
export function loginOptions(): BrowserContextOptions {
  const { VISUALIZER_USER: username = "", VISUALIZER_PASSWORD: password = "" } = process.env;
  return { ignoreHTTPSErrors: true, ...(username && { httpCredentials: { username, password } }) };
}
