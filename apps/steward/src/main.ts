import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { parseArgs } from "node:util";
import { queryOf, readLoad } from "./autoscale/prometheus.ts";
import { systemClock as clock } from "./shared/clock.ts";
import { rebalance } from "./command.ts";
import { Docker } from "@swarm-farm/docker-api";
import { Swarm } from "./docker/swarm.ts";
import { serve } from "./http.ts";
import { makeMetrics } from "./metrics.ts";
import { readSettings, type Settings } from "./settings.ts";
import { Steward } from "./steward.ts";

const usage = `usage: steward run [--config FILE]
       steward rebalance [SERVICE…] [--dry-run] [--config FILE]
       steward health [--config FILE]`;

/** How many periods, and how long beside them, a look may take before the loop counts as hanging. */
const hangs = { periods: 3, ms: 60_000 };

/** Names this process: two stewards on one host are two. */
const makeId = (): string => `${hostname()}-${randomBytes(4).toString("hex")}`;

const log = (message: string): void => {
  console.log(`${new Date().toISOString()} ${message}`);
};

async function run(settings: Settings): Promise<void> {
  const docker = new Docker(settings.dockerHost, { timeoutMs: settings.requestSeconds * 1000 });
  const metrics = makeMetrics();
  const steward = new Steward({
    id: makeId(),
    swarm: new Swarm(docker),
    clock,
    settings,
    readLoad: (service, policy) =>
      readLoad(
        settings.prometheusUrl,
        queryOf(service, policy, settings.rateWindowSeconds),
        settings.requestSeconds * 1000,
      ),
    metrics,
    log,
  });
  const hungMs = hangs.periods * settings.periodSeconds * 1000 + hangs.ms;
  const { server, port } = await serve(settings.port, steward, metrics, () => clock.now() - steward.lookedAt < hungMs);
  log(`steward '${steward.lease.id}' looks at ${settings.dockerHost} and serves on port ${port}`);
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  await steward.run(stop.signal);
  server.close();
  server.closeAllConnections();
  await docker.close();
}

async function once(settings: Settings, services: readonly string[], dryRun: boolean): Promise<void> {
  const docker = new Docker(settings.dockerHost, { timeoutMs: settings.requestSeconds * 1000 });
  const order = { id: makeId(), swarm: new Swarm(docker), clock, settings, services, dryRun, print: console.log };
  try {
    if (!(await rebalance(order))) process.exitCode = 1;
  } finally {
    await docker.close();
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { config: { type: "string" }, "dry-run": { type: "boolean", default: false } },
  });
  const [command, ...services] = positionals;
  const settings = readSettings(process.env, values.config);
  if (command === "rebalance") return once(settings, services, values["dry-run"]);
  if (services.length > 0 || values["dry-run"]) throw new Error(usage);
  if (command === "run") return run(settings);
  if (command !== "health") throw new Error(usage);
  // For an image without curl.
  const answer = await fetch(`http://127.0.0.1:${settings.port}/healthz`);
  if (!answer.ok) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
