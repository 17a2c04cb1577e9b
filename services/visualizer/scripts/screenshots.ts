import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { generateSwarm } from "../fake/generate.ts";
import { listen, visualizer } from "../fake/run.ts";
import type { FakeSwarm } from "../fake/swarm.ts";
import { openBrowser } from "./browser.ts";

/** `npm run screenshots [FOLDER]`: the README's pictures, of a generated swarm in which a few things happen. */
const folder = process.argv[2] ?? "screenshots";
mkdirSync(folder, { recursive: true });

function somethingHappens(swarm: FakeSwarm): void {
  const [, , , fourth, fifth] = [...swarm.nodes.values()];
  const services = [...swarm.services.values()];
  const api = services.find((one) => one.name === "api");
  const web = services.find((one) => one.name === "web");
  if (fourth) swarm.setNode(fourth, { availability: "drain" });
  if (fifth) swarm.setNode(fifth, { state: "down" });
  if (api) swarm.startUpdate(api, "redis:7.6");
  if (api) for (let i = 0; i < 3; i++) swarm.updateNext(api);
  const [task] = web ? swarm.alive(web.id) : [];
  if (task) swarm.kill(task);
}

const browser = await openBrowser();
for (const [name, nodes, tasks] of [
  ["swarm", 8, 62],
  ["large", 50, 2000],
] as const) {
  const swarm = generateSwarm(nodes, tasks);
  const docker = await listen(swarm);
  const server = await visualizer(docker.socket);
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [device, width, height] of [
      ["desktop", 1440, 900],
      ["phone", 390, 844],
    ] as const) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height } });
      await page.goto(`http://localhost:${server.port}/`);
      await page.locator(".task").first().waitFor();
      if (colorScheme === "light" && device === "desktop") somethingHappens(swarm);
      await page.waitForTimeout(4_000);
      await page.screenshot({ path: join(folder, `${name}-${device}-${colorScheme}.png`) });
      await page.close();
    }
  }
  await server.stop();
  await docker.close();
}
await browser.close();
