/** A line of an exporter's answer: a comment, or a series with a value that moves on. */
export interface Line {
  readonly text: string;
  /** Undefined: a comment. */
  readonly sample?: Moving;
}

interface Moving {
  value: number;
  readonly recorded: number;
  /** Of a counter the increase in a scrape's time, of a gauge the width of its noise; 0 of what stayed the same. */
  readonly change: number;
  readonly isCounter: boolean;
  /** Values are multiples of it: pages, whole numbers, hundredths of seconds. 0: any value. */
  readonly grain: number;
}

const grains = [4096, 1, 0.01];

/**
 * An answer that goes on like one that was recorded twice: what changed in between changes, all else stays.
 *
 * @param times how many times longer the time between two scrapes is than that between the recordings
 */
export function linesOf(earlier: string, later: string, times: number): Line[] {
  const before = new Map<string, number | undefined>(earlier.split("\n").map(parsed));
  const counters = new Set([...earlier.matchAll(/^# TYPE (\S+) counter$/gm)].map(([, name]) => name));
  return later
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [series, value] = parsed(line);
      if (value === undefined) return { text: line };
      const first = before.get(series) ?? value;
      const isCounter = counters.has(series.replace(/\{.*/, ""));
      const change = isCounter ? (value - first) * times : Math.abs(value - first);
      const grain = grains.find((each) => [first, value].every((of) => isMultiple(of, each))) ?? 0;
      return { text: series, sample: { value, recorded: value, change, isCounter, grain } };
    });
}

/** A series and its value; a comment has none. */
function parsed(line: string): readonly [series: string, value: number | undefined] {
  const [, series, value] = /^([^#].*) (\S+)$/.exec(line) ?? [];
  return series === undefined ? [line, undefined] : [series, Number(value)];
}

function isMultiple(value: number, grain: number): boolean {
  const count = value / grain;
  return Math.abs(count - Math.round(count)) < 1e-6;
}

/** The answer of the next scrape. */
export function next(lines: readonly Line[], random: () => number): string {
  return lines.map(({ text, sample }) => (sample ? `${text} ${moved(sample, random)}` : text)).join("\n") + "\n";
}

function moved(sample: Moving, random: () => number): string {
  const { change, grain, isCounter, recorded } = sample;
  if (change !== 0) {
    const value = isCounter ? sample.value + change * (0.5 + random()) : recorded + change * (2 * random() - 1);
    sample.value = grain === 0 ? value : Math.round(value / grain) * grain;
  }
  return grain === 0.01 ? String(Number(sample.value.toFixed(2))) : String(sample.value);
}

/** The answer of a larger node: copies of the series of the first CPU and of the first disk. */
export function enlarged(text: string, { cpus, disks }: { readonly cpus: number; readonly disks: number }): string {
  const known = new Set(text.split("\n").map((line) => parsed(line)[0]));
  const disk = /^node_disk_io_now\{device="([^"]+)"\}/m.exec(text)?.[1] ?? "";
  const copies = (line: string): string[] => [
    ...named(cpus, String).map((cpu) => line.replace('cpu="0"', `cpu="${cpu}"`)),
    ...named(disks, (at) => `disk${at}`).map((name) => line.replace(`{device="${disk}"`, `{device="${name}"`)),
  ];
  return text
    .split("\n")
    .flatMap((line) => [line, ...copies(line).filter((copy) => !known.has(parsed(copy)[0]))])
    .join("\n");
}

/** All names but that of the first. */
function named(count: number, name: (at: number) => string): string[] {
  return Array.from({ length: count - 1 }, (_, at) => name(at + 1));
}
