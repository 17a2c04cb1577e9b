import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import type { Asset } from "./assets.ts";
import { readOnlyDocker } from "./docker/client.ts";
import type { Daemon } from "./docker/daemon.ts";
import { readLog } from "./docker/logs.ts";
import { GraphReader } from "./graphs/reader.ts";
import { makeApp } from "./http.ts";
import { Hub } from "./hub.ts";
import { limited } from "./limit.ts";
import { readLogins } from "./login.ts";
import { makeMetrics } from "./metrics.ts";
import type { Settings } from "./settings.ts";
import { nodeName } from "../shared/names.ts";
import { printedLine, recall } from "./time-line-store.ts";
import { Wake } from "./wake.ts";
import { watch } from "./watch.ts";
import { watchAlerts } from "./watch-alerts.ts";

/** A running server. */
export interface Running {
  readonly port: number;
  readonly hub: Hub;
  readonly stop: () => Promise<void>;
}

const heartbeatMs = 10_000;
const logsAtOnce = 4;
/** Half of what the farm's Prometheus does at once: alerts are read from it, too. */
const queriesAtOnce = 2;
/** Longer than any reading with all its time limits. */
const stuckMs = 120_000;

/**
 * Starts watching and serving.
 *
 * @param print takes each new line of the time line, as text. Default: nothing does
 */
export async function startServer(
  settings: Settings,
  assets: ReadonlyMap<string, Asset>,
  log: (message: string) => void,
  print: (line: string) => void = () => undefined,
): Promise<Running> {
  const logins = settings.LOGIN_FILE === undefined ? undefined : readLogins(settings.LOGIN_FILE);
  const { LOGS_PAGE: logsPage = null, PROMETHEUS: prometheus } = settings;
  const hub = new Hub(settings.HISTORY, (line) => print(printedLine(line)), logsPage, prometheus !== undefined);
  const metrics = makeMetrics(hub);
  let turnedAt = performance.now();
  const docker = readOnlyDocker(settings.DOCKER_HOST, (path, outcome) => {
    metrics.requests.inc({ path, outcome });
    turnedAt = performance.now();
  });
  const stop = new AbortController();
  const wake = new Wake();
  let daemon: Daemon | undefined;
  const watching = watch(
    docker,
    hub,
    {
      connected(now) {
        daemon = now;
        metrics.connected.set(now ? 1 : 0);
        if (now) log(`reading the swarm of '${now.swarm.manager}', Docker ${now.swarm.docker}`);
      },
      event: () => {
        metrics.events.inc();
      },
      read: (seconds) => {
        metrics.reading.observe(seconds);
      },
      log,
    },
    wake,
    stop.signal,
  );
  const alerting = prometheus === undefined ? undefined : watchAlerts(prometheus, hub, stop.signal);
  const graphs =
    prometheus === undefined
      ? undefined
      : new GraphReader({
          prometheus,
          nodeNames: () =>
            new Map([...hub.clusterState.nodes.values()].map((node) => [node.id, nodeName(node, node.id)])),
          inTurn: limited(queriesAtOnce),
          signal: stop.signal,
        });
  const recalling =
    settings.VICTORIALOGS === undefined
      ? undefined
      : recall(settings.VICTORIALOGS, hub, { atMost: settings.HISTORY, log, signal: stop.signal });
  const heartbeat = setInterval(() => {
    hub.sendHeartbeat();
  }, heartbeatMs);

  const inTurn = limited(logsAtOnce);
  const app = makeApp({
    hub,
    metrics,
    assets,
    viewersAtMost: settings.VIEWERS,
    // Someone who begins to look should not wait for the slow pace of an unwatched page.
    onViewer: () => {
      wake.call();
    },
    alive: () => performance.now() - turnedAt < stuckMs,
    ...(graphs && { graphs }),
    ...(logins && { logins }),
    ...(settings.LOGS === "on" && {
      readLog: (task: string) =>
        inTurn(() => (daemon ? readLog(docker, task) : Promise.resolve({ lines: [], note: "Docker does not answer" }))),
    }),
  });
  const server = await new Promise<Server>((resolve, reject) => {
    const starting = serve(
      { fetch: app.fetch, port: settings.PORT, ...(settings.HOST !== undefined && { hostname: settings.HOST }) },
      () => {
        resolve(starting as Server);
      },
    );
    starting.once("error", reject);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : settings.PORT;
  log(`listening on port ${port}, Docker at ${settings.DOCKER_HOST}`);
  return {
    port,
    hub,
    stop: async () => {
      clearInterval(heartbeat);
      stop.abort();
      server.closeAllConnections();
      server.close();
      await Promise.all([watching, alerting, recalling, docker.close()]);
    },
  };
}
