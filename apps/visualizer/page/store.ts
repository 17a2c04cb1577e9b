import { signal } from "@preact/signals";
import { emptyClusterState, type ActivityLine, type ClusterState, type Problem, type Swarm } from "../shared/model.ts";
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
/** The time line, newest last. */
export const activity = signal<readonly ActivityLine[]>([]);
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
  activity.value = lines;
}

/** Reads older lines; returns whether there may be more. */
export async function readOlder(): Promise<boolean> {
  const oldest = activity.value[0]?.id ?? 0;
  if (oldest <= 1 || activity.value.length >= readBackLines) return false;
  const answer = await fetch(addressOf(`history?before=${oldest}`));
  if (!answer.ok) return true;
  const older = (await answer.json()) as readonly ActivityLine[];
  readBack = true;
  if (activity.value[0]?.id === oldest) activity.value = [...older, ...activity.value];
  return older.length > 0;
}
