/** A text as PromQL has it in quotes: its escapes are those of JSON. */
export const quoted = (text: string): string => JSON.stringify(text);

/** A selector's condition: the label has exactly this value. */
export const is = (label: string, value: string): string => `${label}=${quoted(value)}`;

/** A selector's condition: the label has one of these values, of which there may be none. */
export function isOneOf(label: string, values: readonly string[]): string {
  const escaped = values.map((value) => value.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  // Without a value it matches nothing: no label has an empty value and a letter.
  return `${label}=~${quoted(escaped.length === 0 ? "$^." : escaped.join("|"))}`;
}

/** The functions of PromQL that look back from each step, fitted to the steps. */
export interface Lookback {
  /** Increase per second. */
  readonly rate: (selector: string) => string;
  /** Average, lowest or highest of what lies between two steps; while steps are short, the value itself. */
  readonly over: (how: "avg" | "min" | "max", selector: string) => string;
  /** The same of an expression, which is evaluated on its way. */
  readonly highestOf: (expression: string) => string;
}

/** Seconds that hold at least two scrapes with `monitoring.scrapeSeconds` up to 150. */
const shortSeconds = 300;
/** The same for its maximum, 300. */
const longSeconds = 600;
/** Below this, no scrape may lie between two steps. */
const scrapeSecondsAtMost = 300;

/** The functions for steps of so many seconds. */
export function lookbackOf(stepSeconds: number): Lookback {
  const window = Math.max(stepSeconds, shortSeconds);
  const isLong = stepSeconds >= scrapeSecondsAtMost;
  return {
    rate: (selector) =>
      window >= longSeconds
        ? `rate(${selector}[${window}s])`
        : `(rate(${selector}[${window}s]) or rate(${selector}[${longSeconds}s]))`,
    over: (how, selector) => (isLong ? `${how}_over_time(${selector}[${stepSeconds}s])` : selector),
    highestOf: (expression) => (isLong ? `max_over_time((${expression})[${stepSeconds}s:120s])` : expression),
  };
}
