import { z } from "zod";

/**
 * The engine's own log of a preview (`pulumi preview --event-log`), one JSON object a line: the only form of a preview
 * that has every value before and after, with secrets masked by the engine. The user sees the usual display meanwhile.
 */
const State = z.object({
  parent: z.string().default(""),
  inputs: z.record(z.string(), z.json()).default({}),
  outputs: z.record(z.string(), z.json()).nullish(),
});

const PropertyDiff = z.object({ diffKind: z.string(), inputDiff: z.boolean().default(false) });

const Step = z.object({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  old: State.nullish(),
  new: State.nullish(),
  /** The properties that cause a replacement. */
  keys: z.array(z.string()).nullish(),
  diffs: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), PropertyDiff).nullish(),
});

const Event = z.object({
  resourcePreEvent: z.object({ metadata: Step }).optional(),
  diagnosticEvent: z.object({ severity: z.string(), prefix: z.string().default(""), message: z.string() }).optional(),
});

/** One step of the engine. */
export type Step = z.infer<typeof Step>;

/** The events of a preview; of a failed one, those before the failure. */
export interface EventLog {
  readonly steps: readonly Step[];
  readonly errors: readonly string[];
  /** Of the program and its providers. */
  readonly warnings: readonly string[];
}

/** Reads a log, without a last partial line, which a killed engine leaves. */
export function parseEvents(log: string): EventLog {
  const lines = log.split("\n");
  const whole = lines.slice(0, -1).filter((line) => line !== "");
  const events = whole.map((line) => Event.parse(JSON.parse(line)));
  const messages = (severity: string) => [
    ...new Set(
      events.flatMap(({ diagnosticEvent: diagnostic }) =>
        diagnostic?.severity === severity ? [withoutColors(diagnostic.prefix + diagnostic.message)] : [],
      ),
    ),
  ];
  return {
    steps: events.flatMap(({ resourcePreEvent }) => (resourcePreEvent ? [resourcePreEvent.metadata] : [])),
    errors: messages("error"),
    warnings: messages("warning").map((message) => message.replace(/^warning: /, "")),
  };
}

/** The engine marks colors as `<{%fg 1%}>`; programs write escape sequences. */
function withoutColors(message: string): string {
  return message.replaceAll(/<\{%.*?%\}>|\u001b\[[0-9;]*[A-Za-z]/g, "").trim();
}
