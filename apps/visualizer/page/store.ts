import { signal } from "@preact/signals";
import { emptyPicture, type Happening, type Picture, type Problem, type Swarm } from "../shared/model.ts";
import { addressOf } from "./address.ts";

/** How the page stands with its server. */
export type Link =
  { readonly kind: "loading" } | { readonly kind: "live" } | { readonly kind: "lost"; readonly why: string };

/** The swarm as last told. */
export const picture = signal<Picture>(emptyPicture);
/** Who answers for it, once known. */
export const swarm = signal<Swarm | null>(null);
/** What the server says is wrong. */
export const problems = signal<readonly Problem[]>([]);
/** The time line, newest last. */
export const happened = signal<readonly Happening[]>([]);
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
export function addLines(lines: readonly Happening[]): void {
  happened.value = [...happened.value, ...lines].slice(readBack ? -readBackLines : -tailLines);
}

/** Starts the time line anew. */
export function setLines(lines: readonly Happening[]): void {
  readBack = false;
  happened.value = lines;
}

/** Reads older lines; says whether there may be more. */
export async function readOlder(): Promise<boolean> {
  const oldest = happened.value[0]?.id ?? 0;
  if (oldest <= 1 || happened.value.length >= readBackLines) return false;
  const answer = await fetch(addressOf(`history?before=${oldest}`));
  if (!answer.ok) return true;
  const older = (await answer.json()) as readonly Happening[];
  readBack = true;
  if (happened.value[0]?.id === oldest) happened.value = [...older, ...happened.value];
  return older.length > 0;
}
