import { FarmError } from "../base/errors";

/** Conditions that entries meet. */
export interface LogsQuery {
  /** A service, or its slot as in `docker service ps`: `hello`, `hello.1`. Default: all, and the nodes' journals. */
  readonly service?: string | undefined;
  readonly node?: string | undefined;
  /** A unit of systemd: its journal, and what systemd itself writes about it. */
  readonly unit?: string | undefined;
  /** A regular expression of Go (RE2) that messages match. */
  readonly grep?: string | undefined;
}

/** The fields of `_SYSTEMD_UNIT` and the like: the unit that writes, and the unit that systemd writes about. */
const unitFields = ["_SYSTEMD_UNIT", "UNIT", "OBJECT_SYSTEMD_UNIT"];

/** A filter in LogsQL. */
export function filterOf({ service, node, unit, grep }: LogsQuery): string {
  const filters = [
    ...(service === undefined ? [] : [`attrs.tag:=${quoted(`${service}.`)}*`]),
    ...(node === undefined ? [] : [either(["node", "_HOSTNAME"], node)]),
    ...(unit === undefined ? [] : [either(unitFields, unit.includes(".") ? unit : `${unit}.service`)]),
    ...(grep === undefined ? [] : [`_msg:~${quoted(grep)}`]),
  ];
  return filters.length === 0 ? "*" : filters.join(" ");
}

/** Fields of an entry as it is printed, and those that tell entries apart: a journal's entry has some 25. */
export const entryFields = [
  ...["_time", "_stream_id", "_msg", "stream", "node", "_HOSTNAME"],
  ...["attrs.tag", "_SYSTEMD_UNIT", "UNIT", "SYSLOG_IDENTIFIER", "file"],
];

/** A query for the last entries of a filter, newest first. */
export function lastOf(filter: string, since: string, lines: number): string {
  const last = `sort by (_time) desc limit ${String(lines)}`;
  return `_time:${since} ${filter} | ${last} | fields ${entryFields.join(", ")}`;
}

function either(fields: readonly string[], value: string): string {
  return `(${fields.map((field) => `${field}:=${quoted(value)}`).join(" or ")})`;
}

/** A text of LogsQL. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

const units = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/**
 * The time since when entries are asked for, in seconds before now.
 *
 * @param text as `90s`, `10m`, `2h`, `7d`, `1w`, or a time such as `2026-11-29` or `2026-11-29T20:00`, in the local zone unless it
 *   names one
 * @throws FarmError for another text, and for a time to come
 */
export function secondsSince(text: string, now: Date): number {
  const [, count = "", unit = ""] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (unit !== "") return Number(count) * units[unit as keyof typeof units];
  const isTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/.test(text);
  // A date alone would be taken for UTC.
  const time = isTime ? Date.parse(text.length === 10 ? `${text}T00:00` : text) : Number.NaN;
  if (Number.isNaN(time))
    throw new FarmError(`--since ${text}: is no time; write 90s, 10m, 2h, 7d, 2026-11-29 or 2026-11-29T20:00`, 2);
  const seconds = Math.ceil((now.getTime() - time) / 1000);
  if (seconds < 0) throw new FarmError(`--since ${text}: is still to come`, 2);
  return seconds;
}
