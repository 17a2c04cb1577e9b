import * as z from "zod";
import { reasonOf } from "../docker/logs.ts";

/** Steps in time, in milliseconds of Prometheus' clock. */
export interface Steps {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

/** One series of an answer. */
export interface Found {
  readonly labels: Readonly<Record<string, string>>;
  /** A value, or none, for each step. */
  readonly values: readonly (number | null)[];
}

/** Why Prometheus gave no data, in words for a person. */
export class NoData extends Error {}

/** A query that takes longer would keep others from Prometheus, alerts among them. */
const querySeconds = 10;
/** About 300 series of all steps; this server has 192 MiB for everything. */
const bytesAtMost = 2 * 1024 * 1024;

const Matrix = z.object({
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        // Pairs, which are looked at one by one: a checked copy of them all would take as much memory again.
        values: z.array(z.unknown()),
      }),
    ),
  }),
});

const Values = z.object({ data: z.array(z.string()) });

/**
 * The series of a PromQL expression.
 *
 * @throws NoData
 */
export async function queryRange(prometheus: string, expression: string, steps: Steps, signal: AbortSignal) {
  const parameters = new URLSearchParams({
    query: expression,
    start: String(steps.from / 1000),
    end: String(steps.to / 1000),
    step: String(steps.stepMs / 1000),
    timeout: `${querySeconds}s`,
  });
  const read = Matrix.safeParse(await request(`${prometheus}/api/v1/query_range?${parameters.toString()}`, signal));
  if (!read.success) throw new NoData("Prometheus answers something else than a graph");
  return read.data.data.result.map(({ metric, values }): Found => ({ labels: metric, values: inSteps(values, steps) }));
}

/**
 * The values that a label had since `from`, in milliseconds, in series of these metrics.
 *
 * @throws NoData
 */
export async function labelValues(
  prometheus: string,
  { label, metrics, from }: { readonly label: string; readonly metrics: readonly string[]; readonly from: number },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const parameters = new URLSearchParams([
    ["start", String(Math.floor(from / 1000))],
    ...metrics.map((metric) => ["match[]", metric]),
  ]);
  const read = Values.safeParse(
    await request(`${prometheus}/api/v1/label/${label}/values?${parameters.toString()}`, signal),
  );
  if (!read.success) throw new NoData("Prometheus answers something else than names");
  return read.data.data;
}

/** A value for each step: what lies beside a step, or is no number, counts as none. */
function inSteps(values: readonly unknown[], { from, to, stepMs }: Steps): (number | null)[] {
  const row = Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, (): number | null => null);
  for (const pair of values) {
    const [seconds, value] = Array.isArray(pair) ? pair.map(Number) : [];
    if (seconds === undefined || value === undefined) continue;
    const at = Math.round((seconds * 1000 - from) / stepMs);
    if (at in row && Number.isFinite(value)) row[at] = Number(value.toPrecision(5));
  }
  return row;
}

async function request(url: string, signal: AbortSignal): Promise<unknown> {
  const limit = AbortSignal.timeout((querySeconds + 1) * 1000);
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, limit]) });
    const text = await textOf(answer);
    if (answer.ok) return JSON.parse(text);
    // 503 is an evaluation beyond its timeout, 422 one beyond its samples.
    if (answer.status === 503 || answer.status === 422) throw new NoData(tooMuch);
    throw new NoData(`Prometheus answers ${answer.status}`);
  } catch (error) {
    if (error instanceof NoData) throw error;
    if (limit.aborted) throw new NoData(tooMuch);
    throw new NoData(
      error instanceof SyntaxError
        ? "Prometheus answers something else than JSON"
        : `Prometheus does not answer: ${reasonOf(error)}`,
    );
  }
}

const tooMuch = `Prometheus needs more than ${querySeconds} s or too much memory for it: choose a shorter range`;

/** The body, as long as it is not too large for this server's memory. */
async function textOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > bytesAtMost) throw new NoData("there are too many series for a graph");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
