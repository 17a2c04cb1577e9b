import { gunzipSync } from "node:zlib";
import { type Context, Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import { except } from "hono/combine";
import { etag } from "hono/etag";
import { secureHeaders } from "hono/secure-headers";
import type { GraphAnswer, RouteNames } from "../shared/graphs.ts";
import type { TaskLog } from "../shared/wire.ts";
import type { GraphReader } from "./graphs/reader.ts";
import { readRequest } from "./graphs/request.ts";
import type { Hub } from "./hub.ts";
import type { Login } from "./login.ts";
import type { Metrics } from "./metrics.ts";
import type { Asset } from "./assets.ts";
import { viewerStream } from "./stream.ts";

/** Sources of pages and streams. */
export interface Sources {
  readonly hub: Hub;
  readonly metrics: Metrics;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly viewersAtMost: number;
  /** Absent where logs are not to be shown. */
  readonly readLog?: (task: string) => Promise<TaskLog>;
  /** Absent where no Prometheus is known. */
  readonly graphs?: GraphReader;
  /** Absent where a proxy in front authenticates. */
  readonly logins?: readonly [Login, ...Login[]];
  readonly onViewer: () => void;
  /** Whether the watch still turns. */
  readonly alive: () => boolean;
}

const none = ["'none'"];
const self = ["'self'"];

const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: none,
    scriptSrc: self,
    styleSrc: self,
    imgSrc: self,
    connectSrc: self,
    baseUri: none,
    formAction: none,
    frameAncestors: none,
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: none,
  },
  referrerPolicy: "no-referrer",
  xFrameOptions: "DENY",
  // Whether the page is served over https only is decided by the proxy in front of it.
  strictTransportSecurity: false,
});

const fresh = { "cache-control": "no-store" };

const acceptsGzip = (context: Context): boolean => /\bgzip\b/.test(context.req.header("accept-encoding") ?? "");

function sendAsset(context: Context, asset: Asset): Response {
  const gzipped = acceptsGzip(context);
  return context.body(gzipped ? asset.gzipped : asset.plain, 200, {
    "content-type": asset.type,
    "cache-control": "no-cache",
    vary: "accept-encoding",
    ...(gzipped && { "content-encoding": "gzip" }),
  });
}

/** The server: a page, its stream, and two pages for machines. Everything is GET, and nothing is changed by it. */
export function makeApp(sources: Sources): Hono {
  const { hub, metrics } = sources;
  const app = new Hono();
  app.use(headers);
  app.use(async (context, next) => {
    if (context.req.method === "GET" || context.req.method === "HEAD") return next();
    return context.text("only GET\n", 405, { allow: "GET, HEAD" });
  });

  if (sources.logins) {
    const [first, ...others] = sources.logins;
    // The container's health check has no login.
    app.use(except("/healthz", basicAuth({ ...first, realm: "Swarm" }, ...others)));
  }

  for (const [path, asset] of sources.assets) app.get(path, etag(), (context) => sendAsset(context, asset));
  app.get("/state", async (context) => {
    // Kept compressed, since pages request it that way.
    const gzipped = await hub.snapshot();
    const gzip = acceptsGzip(context);
    return context.body(Uint8Array.from(gzip ? gzipped : gunzipSync(gzipped)), 200, {
      ...fresh,
      "content-type": "application/json",
      vary: "accept-encoding",
      ...(gzip && { "content-encoding": "gzip" }),
    });
  });
  app.get("/stream", (context) => {
    if (hub.viewers >= sources.viewersAtMost) return context.text("too many viewers\n", 503, fresh);
    sources.onViewer();
    const mark = context.req.header("last-event-id") ?? context.req.query("since") ?? "";
    return context.body(
      viewerStream(hub, mark, () => {
        metrics.dropped.inc();
      }),
      200,
      {
        "content-type": "text/event-stream",
        "cache-control": "no-store, no-transform",
        // nginx would collect the stream before it passes it on.
        "x-accel-buffering": "no",
      },
    );
  });
  app.get("/history", (context) => {
    const before = Number(context.req.query("before"));
    if (!Number.isSafeInteger(before)) return context.text("before: a line's number\n", 400);
    return context.json(hub.historyBefore(before), 200, fresh);
  });
  app.get("/log/:task", async (context) => {
    const task = context.req.param("task");
    if (!sources.readLog) return context.json({ lines: [], note: "logs are switched off here" } satisfies TaskLog);
    // Only what the page shows can be read.
    if (!hub.clusterState.tasks.has(task))
      return context.json({ lines: [], note: "this task is gone" } satisfies TaskLog);
    return context.json(await sources.readLog(task), 200, fresh);
  });
  const noGraphs = "this farm has no monitoring, from which graphs are made";
  app.get("/graph/:panel", async (context) => {
    const { subject, range, end } = context.req.query();
    const request = readRequest({ panel: context.req.param("panel"), subject, range, end });
    if (typeof request === "string") return context.text(`${request}\n`, 400, fresh);
    const answer = sources.graphs ? await sources.graphs.graph(request) : { problem: noGraphs };
    return context.json(answer satisfies GraphAnswer, 200, fresh);
  });
  app.get("/routes", async (context) => {
    const names = sources.graphs ? await sources.graphs.routes() : { routes: [], problem: noGraphs };
    return context.json(names satisfies RouteNames, 200, fresh);
  });
  app.get("/healthz", (context) =>
    context.json({ alive: sources.alive(), problems: hub.problems.length }, sources.alive() ? 200 : 503, fresh),
  );
  app.get("/metrics", async (context) =>
    context.body(await metrics.registry.metrics(), 200, { "content-type": metrics.registry.contentType }),
  );
  return app;
}
