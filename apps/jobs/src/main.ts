import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Docker } from "@swarm-farm/docker-api";
import { serve } from "./http.ts";
import { makeMetrics } from "./metrics.ts";
import { Scheduler } from "./scheduler.ts";
import { readSettings } from "./settings.ts";
import { Swarm } from "./swarm.ts";

/** A loop that has not turned for so long hangs. */
const hungMs = 120_000;

const log = (message: string): void => {
  console.log(`${new Date().toISOString()} ${message}`);
};

/** All that it may ask of Docker. */
const allowed =
  /^(GET \/(v[\d.]+\/)?(version|services|tasks)([/?].*)?|POST \/v[\d.]+\/services\/\w+\/update\?version=\d+)$/;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: "string" } } });
  const settings = readSettings(values.config);
  const docker = new Docker(settings.dockerHost, {
    timeoutMs: settings.requestSeconds * 1000,
    allow: (method, target) => allowed.test(`${method} ${target}`),
  });
  const metrics = makeMetrics();
  const scheduler = new Scheduler({
    swarm: new Swarm(docker),
    timeZone: settings.timeZone,
    metrics,
    now: () => Date.now(),
    log,
  });
  let turned = performance.now();
  const { server, port } = await serve(
    settings.port,
    () => scheduler.statuses,
    metrics,
    () => performance.now() - turned < hungMs,
  );
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());
  log(`starts the jobs of ${settings.dockerHost}, time zone ${settings.timeZone}, and serves on port ${port}`);
  let trouble = "";
  while (!stop.signal.aborted) {
    turned = performance.now();
    try {
      await scheduler.look();
      trouble = "";
    } catch (error) {
      metrics.errors.inc();
      const message = error instanceof Error ? error.message : String(error);
      if (message !== trouble) log(`cannot look at the swarm: ${message}`);
      trouble = message;
    }
    const wait = Math.min(settings.periodSeconds * 1000, (scheduler.nextDue() ?? Infinity) - Date.now());
    await sleep(Math.max(wait, 250), undefined, { signal: stop.signal }).catch(() => undefined);
  }
  server.close();
  server.closeAllConnections();
  await docker.close();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
