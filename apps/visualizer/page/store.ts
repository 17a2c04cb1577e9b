import { signal } from "@preact/signals";
import {
  emptyClusterState,
  noAlerts,
  type ActivityLine,
  type Alerts,
  type ClusterState,
  type Problem,
  type Swarm,
} from "../shared/model.ts";
import { addressOf } from "./address.ts";

/** How the page stands with its server. */
export type Link =
  { readonly kind: "loading" } | { readonly kind: "live" } | { readonly kind: "lost"; readonly why: string };

/** The swarm as last received. */
export const clusterState = signal<ClusterState>(emptyClusterState);
/** Who answers for it, once known. */
export const swarm = signal<Swarm | null>(null);
/** The problems that the server reports. */
export const problems = signal<readonly Problem[]>([]);
/** Alerts of Prometheus, if the server asks one. */
export const alerts = signal<Alerts>(noAlerts);
/** The time line, newest last. */
export const activity = signal<readonly ActivityLine[]>([]);
/** Whether the server may have lines before the first. */
export const mayBeMore = signal(true);
/** The connection to the server. */
export const link = signal<Link>({ kind: "loading" });
/** How far the swarm's clock is ahead of this computer's. */
export const clockAheadMs = signal(0);
/** The time in the swarm, once a second. */
export const now = signal(Date.now());

const tailLines = 300;
const readBackLines = 5_000;
let readBack = false;

/** Adds lines at the end; who has scrolled back keeps what was read. */
export function addLines(lines: readonly ActivityLine[]): void {
  activity.value = [...activity.value, ...lines].slice(readBack ? -readBackLines : -tailLines);
}

/** Replaces the time line. */
export function setLines(lines: readonly ActivityLine[]): void {
  readBack = false;
  mayBeMore.value = true;
  activity.value = lines;
}

/** Reads older lines, if there may be any. */
export async function readOlder(): Promise<void> {
  const { value: known } = activity;
  const oldest = known[0]?.id ?? 0;
  if (oldest <= 1 || known.length >= readBackLines) {
    mayBeMore.value = false;
    return;
  }
  const answer = await fetch(addressOf(`history?before=${oldest}`));
  if (!answer.ok) return;
  const older = (await answer.json()) as readonly ActivityLine[];
  // Everything was read again meanwhile: what lies between is not known.
  if (activity.value[0]?.id !== oldest) return;
  readBack = true;
  mayBeMore.value = older.length > 0;
  activity.value = [...older, ...activity.value];
}
