import { daysUntil, growthOf, type Point } from "./growth";
import type { Reading, Sample } from "./sample";

/** Samples of the first minutes are left out: caches fill, and what `up` started comes to its size. */
export const warmUpMs = 10 * 60_000;

/** A row that reaches its limit sooner misses the goal. */
export const goalDays = 1000;

const hour = 3_600_000;
const collator = new Intl.Collator("en", { numeric: true });

interface Row {
  readonly node: string;
  readonly key: string;
  readonly points: readonly Point[];
  readonly last: Reading;
}

interface Verdict {
  readonly growth: string;
  readonly days: string;
  readonly misses: boolean;
}

/** Every row of every node by the hour, with its limit and the days until it, in Markdown. */
export function table(samples: readonly Sample[]): string {
  const first = Math.min(...samples.map(({ at }) => at));
  const last = Math.max(...samples.map(({ at }) => at));
  if (samples.length === 0) return "no samples";
  const rows = rowsOf(samples, first + warmUpMs);
  const missing = rows.filter((row) => verdictOf(row).misses);
  const nodes = [...new Set(rows.map(({ node }) => node))].sort((a, b) => collator.compare(a, b));
  const hours = Math.max(1, Math.ceil((last - first) / hour));
  return [
    `${((last - first) / hour).toFixed(1)} hours, ${samples.length} samples of ${nodes.length} nodes; the first ${warmUpMs / 60_000} minutes are not in the growth`,
    "",
    missing.length === 0
      ? `No row shows growth that reaches its limit in less than ${goalDays} days.`
      : `**Rows under ${goalDays} days:** ${missing.map(({ node, key }) => `${node} ${key}`).join(", ")}`,
    ...nodes.flatMap((node) => ["", ...nodeTable(samples, rows, { node, first, hours })]),
  ].join("\n");
}

function nodeTable(
  samples: readonly Sample[],
  rows: readonly Row[],
  { node, first, hours }: { readonly node: string; readonly first: number; readonly hours: number },
): string[] {
  const all = new Map(rowsOf(samples, first).map((row) => [`${row.node} ${row.key}`, row.points]));
  const numbers = Array.from({ length: hours }, (_, at) => at);
  const shown = rows.filter((row) => row.node === node).sort((a, b) => collator.compare(a.key, b.key));
  return [
    `| ${node} | ${numbers.map((at) => `hour ${at + 1}`).join(" | ")} | limit | growth a day | days until it |`,
    `| --- |${" ---: |".repeat(hours)} --- | ---: | ---: |`,
    ...shown.map((row) => {
      const points = all.get(`${node} ${row.key}`) ?? [];
      const medians = numbers.map((at) =>
        median(points.filter((point) => hourOf(point.at - first, hours) === at).map(({ value }) => value)),
      );
      const cells = medians.map((value) => (value === undefined ? "" : amount(row.key, value)));
      const { growth, days } = verdictOf(row);
      return `| ${row.key} | ${cells.join(" | ")} | ${limitOf(row)} | ${growth} | ${days} |`;
    }),
  ];
}

function hourOf(since: number, hours: number): number {
  return Math.min(hours - 1, Math.floor(since / hour));
}

function rowsOf(samples: readonly Sample[], from: number): Row[] {
  const rows = new Map<string, { node: string; key: string; points: Point[]; last: Reading }>();
  for (const { at, node, readings } of [...samples].sort((a, b) => a.at - b.at)) {
    if (at < from) continue;
    for (const reading of readings) {
      const id = `${node} ${reading.key}`;
      const row = rows.get(id) ?? { node, key: reading.key, points: [], last: reading };
      row.points.push({ at, value: reading.value });
      row.last = reading;
      rows.set(id, row);
    }
  }
  return [...rows.values()].map((row) => withoutLogs(row, rows));
}

/** The disk with Docker's data, without what is in it of containers' logs if they rotate: those have a row and a limit of their own. */
function withoutLogs(row: Row, rows: ReadonlyMap<string, Row>): Row {
  const disk = rows.has(`${row.node} disk/docker`) ? "disk/docker" : "disk/root";
  const logs = rows.get(`${row.node} folder/containers`);
  if (row.key !== disk || logs === undefined || logs.last.kind === "hard") return row;
  const at = new Map(logs.points.map((point) => [point.at, point.value]));
  const points = row.points.map((point) => ({ at: point.at, value: point.value - (at.get(point.at) ?? 0) }));
  const value = points.at(-1)?.value ?? row.last.value;
  return { ...row, key: `${row.key} without logs`, points, last: { ...row.last, value } };
}

/** Verdict on the growth of a row. */
function verdictOf({ key, points, last }: Row): Verdict {
  const rotates = last.kind !== "hard";
  const growth = growthOf(points, rotates ? 1 : 2);
  switch (growth.is) {
    case "unknown":
      return { growth: "too few samples", days: "", misses: false };
    case "none":
      return { growth: "no growth", days: last.kind === "rotates-seen" ? seen : "", misses: false };
    case "sawtooth":
      return { growth: "sawtooth", days: seen, misses: false };
    case "linear": {
      const perDay = amount(key, growth.perDay);
      if (last.kind === "rotates-seen") return { growth: perDay, days: seen, misses: false };
      if (last.limit === undefined) return { growth: perDay, days: "no limit", misses: false };
      const days = daysUntil(last.limit, last.value, growth.perDay);
      const shown = days >= 100_000 ? "> 100,000" : days.toFixed(days < 10 ? 1 : 0);
      // A log that a rotation bounds looks unbounded until its first rotation.
      const note = rotates ? " until its rotation, which is not seen yet" : "";
      return { growth: perDay, days: `${shown}${note}`, misses: days < goalDays };
    }
  }
}

const seen = "bounded by rotation, seen working";

function limitOf({ key, last }: Row): string {
  const most = last.limit === undefined ? "" : amount(key, last.limit);
  return [most, last.note].filter((part) => part !== "").join(", ");
}

const inBytes = /^(memory|folder|disk|container-log)\b/;

/** A count, or bytes as MiB. */
function amount(key: string, value: number): string {
  if (inBytes.test(key)) return `${(value / 2 ** 20).toFixed(1)} MiB`;
  if (value >= 1e15) return value.toExponential(1);
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
