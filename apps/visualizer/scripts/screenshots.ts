import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type FakeSwarm, replicasOf } from "@swarm-farm/docker-api/fake";
import type { Browser } from "playwright-core";
import { generateSwarm } from "../fake/generate.ts";
import { startFakePrometheus } from "../fake/prometheus.ts";
import { listen, visualizer } from "../fake/run.ts";
import { loginOptions, openBrowser, realUrl } from "./browser.ts";

/**
 * `npm run screenshots [FOLDER]`: screenshots, light and dark, of two generated swarms in which a few things happen; or of
 * a real one whose page is at `VISUALIZER_URL`, with the login `VISUALIZER_USER` and `VISUALIZER_PASSWORD`.
 */
const folder = process.argv[2] ?? "screenshots";
/** Until tasks that ended are no longer shown. */
const afterlifeMs = 33_000;

const serviceOf = (swarm: FakeSwarm, name: string) =>
  [...swarm.services.values()].find(({ spec }) => spec.Name === name);

/** Earlier events: a node is drained, one is down, a service has grown, another is being updated. */
async function trouble(swarm: FakeSwarm): Promise<void> {
  const [, , , fourth, fifth] = [...swarm.nodes.values()];
  const [api, mail] = [serviceOf(swarm, "api"), serviceOf(swarm, "mail")];
  if (fourth) swarm.setNode(fourth, { availability: "drain" });
  await sleep(2_000);
  if (fifth) swarm.setNode(fifth, { state: "down" });
  if (mail) swarm.scale(mail, replicasOf(mail) + 2);
  await sleep(2_000);
  if (api) swarm.startUpdate(api, "registry.example/shop/api:2.15.0");
  if (api) swarm.updateNext(api);
  await sleep(afterlifeMs);
}

/** Events just before a screenshot. */
async function justNow(swarm: FakeSwarm): Promise<void> {
  const [api, web] = [serviceOf(swarm, "api"), serviceOf(swarm, "web")];
  if (api) swarm.updateNext(api);
  await sleep(1_500);
  const task = web && swarm.alive(web)[0];
  if (task) swarm.kill(task);
  await sleep(3_000);
}

async function shoot(
  browser: Browser,
  url: string,
  name: string,
  { before, shown = ".task" }: { readonly before?: () => Promise<void>; readonly shown?: string } = {},
): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await before?.();
    for (const [device, width, height] of [
      ["desktop", 1440, 900],
      ["phone", 390, 844],
    ] as const) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height }, ...loginOptions() });
      await page.goto(url);
      await page.locator(shown).first().waitFor();
      // Until what has just come is no longer marked as new.
      await sleep(2_500);
      const path = join(folder, `${name}-${device}-${colorScheme}.png`);
      await page.screenshot({ path });
      // A third of the size where the tool is installed; nobody sees the difference.
      spawnSync("pngquant", ["--force", "--speed=1", "--output", path, "96", path]);
      await page.close();
    }
  }
}

async function shootFake(browser: Browser, name: string, nodes: number, tasks: number): Promise<void> {
  const swarm = generateSwarm(nodes, tasks);
  const docker = await listen(swarm);
  const prometheus = await startFakePrometheus(swarm);
  const server = await visualizer(docker.socket, { PROMETHEUS: prometheus.url });
  const url = `http://localhost:${server.port}/`;
  // Someone has to look, or nothing is read often.
  const watching = await browser.newPage();
  await watching.goto(url);
  await watching.locator(".task").first().waitFor();
  await trouble(swarm);
  await shoot(browser, url, name, { before: () => justNow(swarm) });
  await shoot(browser, `${url}#graphs=farm&range=24h`, `${name}-graphs`, { shown: ".plot canvas" });
  await server.stop();
  await prometheus.close();
  await docker.close();
}

mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
if (realUrl) await shoot(browser, realUrl, "real");
else {
  await shootFake(browser, "swarm", 8, 58);
  await shootFake(browser, "large", 50, 2000);
}
await browser.close();
