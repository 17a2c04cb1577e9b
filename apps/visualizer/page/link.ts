import { batch } from "@preact/signals";
import type { ClusterState } from "../shared/model.ts";
import { apply, type Heartbeat, byId, type Snapshot, type Update } from "../shared/wire.ts";
import { addressOf } from "./address.ts";
import { hasGraphs } from "./graph-route.ts";
import { logsPage } from "./logs-page.ts";
import { addLines, alerts, clockAheadMs, link, now, clusterState, problems, setLines, swarm } from "./store.ts";

const retryMs = [500, 1_000, 2_000, 4_000, 8_000];
/** Two heartbeats and some: a connection can be dead without anyone saying so. */
const silenceMs = 25_000;

let mark = "";
let failures = 0;
let silence: ReturnType<typeof setTimeout> | undefined;
let source: EventSource | undefined;
/** Content of the stream so far; the page shows it at the next frame. */
let latest: ClusterState = clusterState.value;
let drawing = false;

function tick(): void {
  now.value = Date.now() + clockAheadMs.value;
}

function setClock(theirs: number): void {
  clockAheadMs.value = theirs - Date.now();
  tick();
}

// However many changes come between two frames, the page is drawn once.
function draw(): void {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    clusterState.value = latest;
  });
}

function take(update: Update): void {
  batch(() => {
    if (update.change) {
      latest = apply(latest, update.change);
      draw();
    }
    if (update.swarm !== undefined) swarm.value = update.swarm;
    if (update.problems) problems.value = update.problems;
    if (update.alerts) alerts.value = update.alerts;
    if (update.activity) addLines(update.activity);
  });
}

function lost(why: string): void {
  source?.close();
  clearTimeout(silence);
  if (link.value.kind !== "lost") link.value = { kind: "lost", why };
  const pause = retryMs[Math.min(failures++, retryMs.length - 1)] ?? 1_000;
  // Spread out, so that many pages do not come back in one moment.
  setTimeout(
    () => {
      if (mark) listen();
      else void begin();
    },
    pause * (0.5 + Math.random()),
  );
}

function heard(): void {
  clearTimeout(silence);
  silence = setTimeout(() => {
    lost("the server has fallen silent");
  }, silenceMs);
}

function listen(): void {
  // While everything was read again, the silence may have led to a stream from the old place.
  source?.close();
  const stream = new EventSource(addressOf(`stream?since=${mark}`));
  source = stream;
  heard();
  stream.addEventListener("update", (message: MessageEvent<string>) => {
    heard();
    mark = message.lastEventId;
    take(JSON.parse(message.data) as Update);
  });
  stream.addEventListener("heartbeat", (message: MessageEvent<string>) => {
    heard();
    failures = 0;
    setClock((JSON.parse(message.data) as Heartbeat).now);
    if (link.value.kind !== "live") link.value = { kind: "live" };
  });
  stream.addEventListener("reset", () => {
    stream.close();
    void begin();
  });
  // The browser would give up for good after an answer like 502, which is what a proxy answers for a restarting server.
  stream.addEventListener("error", () => {
    if (source === stream) lost("the server does not answer");
  });
}

/** Reads everything, then listens for what changes; comes back by itself whatever happens. */
export async function begin(): Promise<void> {
  try {
    const answer = await fetch(addressOf("state"));
    if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
    const snapshot = (await answer.json()) as Snapshot;
    performance.mark("data");
    latest = { nodes: byId(snapshot.nodes), services: byId(snapshot.services), tasks: byId(snapshot.tasks) };
    batch(() => {
      mark = snapshot.mark;
      setClock(snapshot.now);
      swarm.value = snapshot.swarm;
      problems.value = snapshot.problems;
      alerts.value = snapshot.alerts;
      logsPage.value = snapshot.logsPage;
      hasGraphs.value = snapshot.hasGraphs;
      setLines(snapshot.activity);
      clusterState.value = latest;
      link.value = { kind: "live" };
    });
    // The frame after the next one is the first in which people see it.
    requestAnimationFrame(() => requestAnimationFrame(() => performance.measure("first view", "data")));
    listen();
  } catch (error) {
    mark = "";
    lost(error instanceof TypeError ? "the server does not answer" : String(error));
  }
}

/** Keeps the clock; a page in the background needs none. */
export function keepTime(): void {
  setInterval(() => {
    if (!document.hidden) tick();
  }, 1_000);
  document.addEventListener("visibilitychange", tick);
}
