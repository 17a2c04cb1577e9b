import { signal } from "@preact/signals";
import type { ActivityLine } from "../shared/model.ts";

/** The path of VictoriaLogs' own page, where the farm stores logs. */
export const logsPage = signal<string | null>(null);

const minuteMs = 60_000;
const rangeMinutes = 10;

/** Logs of the subject of a line in the ten minutes until one after it, on that page. */
export function logsAround(page: string, { at, subject, on }: Pick<ActivityLine, "at" | "subject" | "on">): string {
  const end = new Date(at + minuteMs).toISOString().slice(0, 19);
  const parameters = new URLSearchParams({
    query: queryFor(subject) ?? (on && queryFor(on)) ?? "*",
    "g0.range_input": `${rangeMinutes}m`,
    "g0.end_input": end,
    "g0.relative_time": "none",
  });
  return `${page}#/?${parameters.toString()}`;
}

function queryFor({ kind, name }: ActivityLine["subject"]): string | undefined {
  const text = JSON.stringify(name);
  switch (kind) {
    case "node":
      return `(node:=${text} or _HOSTNAME:=${text})`;
    case "service":
      return `attrs.tag:=${JSON.stringify(`${name}.`)}*`;
    case "task": {
      // Of a global service's task there is no slot, and its node is known.
      const [task = "", node] = name.split("@");
      const filter = `attrs.tag:=${JSON.stringify(`${task}.`)}*`;
      return node === undefined ? filter : `${filter} node:=${JSON.stringify(node)}`;
    }
    case "alert":
      return undefined;
  }
}
