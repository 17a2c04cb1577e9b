import { z } from "zod";
import { jsonOrNothing } from "../base/json";
import { visible } from "../preview/escape";

/** An entry of the store: of a task, or of a node's journal. */
const Entry = z.object({
  _time: z.string(),
  _msg: z.string().default(""),
  node: z.string().optional(),
  _HOSTNAME: z.string().optional(),
  /** The container's name. */
  "attrs.tag": z.string().optional(),
  _SYSTEMD_UNIT: z.string().optional(),
  /** Of an entry that systemd writes: the unit that it is about. */
  UNIT: z.string().optional(),
  SYSLOG_IDENTIFIER: z.string().optional(),
  file: z.string().optional(),
});

/**
 * A line of the store as a person reads it: time, node, what printed it, message; undefined if it is no entry.
 *
 * Characters that would change the terminal are shown as such.
 */
export function entryLine(line: string): string | undefined {
  const { data } = Entry.safeParse(jsonOrNothing(line));
  if (!data) return undefined;
  const { _time: time, _msg: message, node, _HOSTNAME: host, SYSLOG_IDENTIFIER: program } = data;
  const source = taskOf(data["attrs.tag"]) ?? data.UNIT ?? data._SYSTEMD_UNIT ?? program ?? containerOf(data.file);
  const head = [toSeconds(time), node ?? host ?? "?", source].map(visible).join(" ");
  const lines = message.replace(/\r?\n$/, "").split(/\r?\n/);
  return lines.map((text) => `${head} | ${visible(text)}`).join("\n");
}

/** `hello.1` of `hello.1.x7k…`: the id of a task says nothing to a person, except where a service has a task on each node. */
function taskOf(container: string | undefined): string | undefined {
  const [service, slot = "", ...rest] = container?.split(".") ?? [];
  if (service === undefined) return undefined;
  return rest.length === 0 || !/^\d+$/.test(slot) ? service : `${service}.${slot}`;
}

/** Of a container that was not started with a tag: the start of its id. */
function containerOf(file = ""): string {
  return /([0-9a-f]{12})[0-9a-f]*-json\.log$/.exec(file)?.[1] ?? "?";
}

function toSeconds(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}
