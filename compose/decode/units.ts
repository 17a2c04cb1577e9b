const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Seconds of a time as Go writes it, e.g. `1m30s`; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  if (/^[-+]?0$/.test(text)) return 0;
  const match = /^([-+]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (!match) return undefined;
  const parts = [...(match[2] ?? "").matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)];
  const seconds = parts.reduce((sum, [, size, unit = "s"]) => sum + Number(size) * (unitSeconds[unit] ?? 0), 0);
  return match[1] === "-" ? -seconds : seconds;
}

const powers = ["", "k", "m", "g", "t", "p"];

/** Bytes of a size as docker reads it: `64m`, `1.5GiB`, `512 kb`, all of 1024; undefined where it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+\.?\d*|\.\d+) ?(?:([kmgtp]?)(?:b|(?<=[kmgtp])ib)?)$/i.exec(text);
  if (!match) return undefined;
  const power = powers.indexOf((match[2] ?? "").toLowerCase());
  return Math.trunc(Number(match[1]) * 1024 ** power);
}
