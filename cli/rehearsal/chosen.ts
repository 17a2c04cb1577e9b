import type { SnapshotKind } from "../backup/snapshots";

/** A snapshot that counts. */
export interface Snapshot {
  /** Whose repository has it. */
  readonly node: string;
  readonly id: string;
  readonly kind: SnapshotKind;
  /** The volume's or dump's name; `state` of the swarm's. */
  readonly name: string;
  /** When it was made, in ISO 8601. */
  readonly time: string;
}

/** The snapshots that a rehearsal restores. */
export interface Chosen {
  readonly snapshots: readonly Snapshot[];
  /** Volumes and dumps of the configuration that have no snapshot, a line each. */
  readonly missing: readonly string[];
}

/** The volume of the registry, which an `up` fills and has in use. */
const registryVolume = "registry";

/** A node's snapshots of one run are closer together than this, in milliseconds. */
const runMilliseconds = 12 * 3600 * 1000;

/**
 * The last snapshots: of a database and of the swarm the newest, whichever node made it; of a volume that of each node that has the volume by now, which
 * shows in the node's last run.
 *
 * @param wants what is configured, e.g. `volume:uploads`
 */
export function lastSnapshots(all: readonly Snapshot[], wants: readonly string[]): Chosen {
  const newestFirst = [...all].sort((a, b) => timeOf(b) - timeOf(a));
  const keys = new Set([...newestFirst.map(keyOf), ...wants]);
  const snapshots: Snapshot[] = [];
  const missing: string[] = [];
  for (const key of [...keys].sort()) {
    if (key === `volume:${registryVolume}`) continue;
    const of = newestFirst.filter((snapshot) => keyOf(snapshot) === key);
    const [newest] = of;
    if (!newest) {
      missing.push(`${key.replace(":", " ")} has no snapshot`);
      continue;
    }
    const current = newest.kind !== "volume" ? [] : onceANode(of).filter((each) => isCurrent(each, newestFirst));
    snapshots.push(...(current.length > 0 ? current : [newest]));
  }
  return { snapshots, missing };
}

/** How old the oldest of them is, in seconds: what a loss now would cost. */
export function ageOf(snapshots: readonly Pick<Snapshot, "time">[], now: number): number {
  return Math.max(0, ...snapshots.map((each) => Math.round((now - timeOf(each)) / 1000)));
}

function keyOf({ kind, name }: Snapshot): string {
  return `${kind}:${name}`;
}

function timeOf({ time }: Pick<Snapshot, "time">): number {
  return Date.parse(time);
}

function onceANode(newestFirst: readonly Snapshot[]): Snapshot[] {
  return newestFirst.filter(({ node }, index) => newestFirst.findIndex((other) => other.node === node) === index);
}

function isCurrent(snapshot: Snapshot, newestFirst: readonly Snapshot[]): boolean {
  const last = newestFirst.find(({ node }) => node === snapshot.node) ?? snapshot;
  return timeOf(last) - timeOf(snapshot) < runMilliseconds;
}
