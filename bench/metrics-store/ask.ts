import { setTimeout as sleep } from "node:timers/promises";

/** A series of an answer; a query at one moment has a value, others have values. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [seconds: number, value: string];
  readonly values?: readonly (readonly [seconds: number, value: string])[];
}

const attempts = 10;

/** An answer; a connection that fails is tried again, since a starved program is late to take it. */
export async function get(url: string): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetch(url);
    } catch (error) {
      if (attempt === attempts) throw new Error(`${url} does not answer`, { cause: error });
      await sleep(1000);
    }
  }
}

/**
 * Asks Prometheus' API of a store. A query that ran into its timeout is asked again: on a machine with other work that says nothing
 * of the store.
 *
 * @param path with parameters, below `/api/v1/`
 * @throws Error if the store refuses it, or ten attempts failed
 */
export async function ask(url: string, path: string) {
  for (let attempt = 1; ; attempt++) {
    const started = performance.now();
    const answer = await get(`${url}/api/v1/${path}`);
    const text = await answer.text();
    const milliseconds = performance.now() - started;
    if (answer.ok) {
      const { data } = JSON.parse(text) as { readonly data: { readonly result: readonly Series[] } };
      return { milliseconds, series: data.result };
    }
    if (answer.status < 422 || attempt === attempts)
      throw new Error(`${url} answers ${answer.status} to ${path}: ${text}`);
    await sleep(1000);
  }
}

/**
 * The sum of an expression's series; 0 without any.
 *
 * @param at seconds since 1970. Default: now
 */
export async function sumOf(url: string, expression: string, at = Date.now() / 1000): Promise<number> {
  const parameters = new URLSearchParams({ query: `sum(${expression})`, time: at.toFixed(3) });
  const { series } = await ask(url, `query?${parameters.toString()}`);
  return Number(series[0]?.value?.[1] ?? 0);
}
