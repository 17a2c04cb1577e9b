import * as z from "zod";
import { type PanelId, panels, type Range, ranges, type View } from "../../shared/graphs.ts";

/** A graph that a viewer may ask for. */
export interface GraphRequest {
  readonly panel: PanelId;
  readonly view: View;
  /** Empty for the farm. */
  readonly subject: string;
  readonly range: Range;
  /** The last moment, in milliseconds. Default: now. */
  readonly end?: number;
}

/** Docker's names have at most 63 characters, a host's 255. */
const nameAtMost = 255;

const shape = z.object({
  panel: z.enum(
    panels.map(({ id }) => id),
    `panel: is one of ${panels.map(({ id }) => id).join(", ")}`,
  ),
  range: z.enum(Object.keys(ranges) as Range[], `range: is one of ${Object.keys(ranges).join(", ")}`),
  subject: z
    .string()
    .max(nameAtMost, `subject: has at most ${nameAtMost} characters`)
    .regex(/^[^\u0000-\u001f\u007f]*$/, "subject: has no control characters"),
  end: z
    .string()
    .regex(/^\d{1,14}$/, "end: is a time in milliseconds since 1970")
    .transform(Number)
    .optional(),
});

/** Checks a request; a text is what is wrong with it. */
export function readRequest(given: Readonly<Record<string, string | undefined>>): GraphRequest | string {
  const read = shape.safeParse({ ...given, subject: given.subject ?? "" });
  if (!read.success) return read.error.issues.map(({ message }) => message).join("; ");
  const { panel, subject, range, end } = read.data;
  const { view } = panels.find(({ id }) => id === panel) ?? panels[0];
  if ((view === "farm") !== (subject === ""))
    return `subject: ${view === "farm" ? "is empty for the farm" : `is the name of a ${view}`}`;
  return { panel, view, subject, range, ...(end !== undefined && { end }) };
}
