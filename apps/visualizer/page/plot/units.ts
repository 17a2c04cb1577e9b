import type { Unit } from "../../shared/graphs.ts";

const binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Three digits, and no more than a reader needs. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return String(Number(value.toPrecision(size < 1 ? 2 : 3)));
}

function bytes(value: number): string {
  const power = value <= 0 ? 0 : Math.min(binary.length - 1, Math.max(0, Math.floor(Math.log2(value) / 10)));
  return `${short(value / 1024 ** power)} ${binary[power] ?? ""}`;
}

/** A value with its unit, as `1.5 GiB`. */
export function valueText(value: number, unit: Unit): string {
  switch (unit) {
    case "share":
      return `${short(value * 100)} %`;
    case "bytes":
      return bytes(value);
    case "seconds":
      return value < 1 ? `${short(value * 1000)} ms` : `${short(value)} s`;
    case "perSecond":
      return `${short(value)}/s`;
    case "cores":
    case "number":
      return short(value);
  }
}

/** Distances that an axis may have between two marks: whole numbers for what is counted, powers of two for bytes. */
export function stepsOf(unit: Unit): number[] | undefined {
  if (unit === "bytes") return Array.from({ length: 50 }, (_, i) => 2 ** i);
  if (unit !== "number") return undefined;
  return Array.from({ length: 6 }, (_, i) => [1, 2, 5].map((n) => n * 10 ** i)).flat();
}

const bytesBelow = 8;

/** The highest value of an axis that begins at 0, for a highest value of the lines. */
export function topOf(highest: number, unit: Unit): number {
  // A share that is large is seen best beside the whole.
  if (unit === "share" && highest > 0.5) return Math.max(1, highest);
  if (unit === "number") return Math.max(2, Math.ceil(highest * 1.1));
  if (highest > 0) return highest * 1.1;
  return unit === "bytes" ? bytesBelow : unit === "share" ? 0.1 : 1;
}

const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const moment = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** A moment in milliseconds, where the person is. */
export const momentText = (at: number): string => moment.format(at);

/** The same beside others that are `apartMs` from each other: the day where a day begins, else the time. */
export function tickText(at: number, apartMs: number): string {
  const date = new Date(at);
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  return isMidnight || apartMs >= 86_400_000 ? day.format(date) : clock.format(date);
}
