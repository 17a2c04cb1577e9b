import { z } from "zod";
import { jsonOrNothing } from "../../base/json";

const Metadata = z.object({ metadata: z.object({ op: z.string(), urn: z.string(), type: z.string() }) });

const Event = z.object({
  timestamp: z.number().default(0),
  resourcePreEvent: Metadata.optional(),
  resOutputsEvent: Metadata.optional(),
  resOpFailedEvent: Metadata.optional(),
  diagnosticEvent: z
    .object({
      urn: z.string().default(""),
      prefix: z.string().default(""),
      message: z.string(),
      severity: z.string(),
    })
    .optional(),
  summaryEvent: z
    .object({
      durationSeconds: z.number(),
      resourceChanges: z.record(z.string(), z.number()).nullish(),
      result: z.string().default(""),
    })
    .optional(),
});

/** Events of the engine that the display uses. */
export type EngineEvent =
  | { readonly kind: "began" | "done" | "failed"; readonly op: string; readonly urn: string; readonly type: string }
  | { readonly kind: "message"; readonly severity: string; readonly urn: string; readonly text: string }
  | { readonly kind: "summary"; readonly seconds: number; readonly changes: Readonly<Record<string, number>> };

/**
 * Reads a line of `--event-log`.
 *
 * @returns undefined for other events, and for unknown forms of a newer engine
 */
export function parseEvent(line: string): EngineEvent | undefined {
  const parsed = Event.safeParse(jsonOrNothing(line));
  if (!parsed.success) return undefined;
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent } = parsed.data;
  if (resourcePreEvent) return { kind: "began", ...resourcePreEvent.metadata };
  if (resOutputsEvent) return { kind: "done", ...resOutputsEvent.metadata };
  if (resOpFailedEvent) return { kind: "failed", ...resOpFailedEvent.metadata };
  if (diagnosticEvent) {
    const { severity, urn, prefix, message } = diagnosticEvent;
    return { kind: "message", severity, urn, text: plain(prefix + message) };
  }
  if (!summaryEvent) return undefined;
  return { kind: "summary", seconds: summaryEvent.durationSeconds, changes: summaryEvent.resourceChanges ?? {} };
}

/** The engine marks colors as `<{%fg 1%}>`; programs write escape sequences. */
function plain(text: string): string {
  return text.replaceAll(/<\{%.*?%\}>|\u001b\[[0-9;]*[A-Za-z]/g, "").trimEnd();
}
