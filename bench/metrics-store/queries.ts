import { join } from "node:path";
import { repository } from "../../tests/support/sources";
import { nodeName, routeNames, scrapeSeconds, serviceName } from "./containers";
import { ask } from "./ask";
import type { Store } from "./stores";

/** A query of the visualizer's graphs. */
export interface Query {
  readonly panel: string;
  readonly expression: string;
}

/** The part of the visualizer's graphs that is used; they are an ES module of another package, which is loaded when the bench runs. */
interface Graphs {
  readonly catalog: Readonly<
    Record<string, (lookback: unknown, subject: unknown) => readonly { readonly expression: string }[]>
  >;
  readonly panels: readonly { readonly id: string; readonly view: "farm" | "node" | "service" | "route" }[];
  readonly ranges: { readonly "1h": number };
  readonly steps: number;
  readonly lookbackOf: (stepSeconds: number) => unknown;
}

const subjects = { farm: "", node: nodeName(0), service: serviceName(0), route: routeNames[0] };

/** Every query of the visualizer's catalog over an hour of a farm, of which the bench takes less. */
export class Catalog {
  readonly queries: readonly Query[];
  /** Seconds that stand for an hour. */
  readonly rangeSeconds: number;
  readonly stepSeconds: number;

  private constructor(graphs: Graphs, nodeId: string, interval: number) {
    const faster = scrapeSeconds / interval;
    const stepSeconds = graphs.ranges["1h"] / 1000 / graphs.steps;
    this.rangeSeconds = graphs.ranges["1h"] / 1000 / faster;
    this.stepSeconds = stepSeconds / faster;
    this.queries = graphs.panels.flatMap(({ id, view }) =>
      (graphs.catalog[id]?.(graphs.lookbackOf(stepSeconds), { name: subjects[view], nodeIds: [nodeId] }) ?? []).map(
        ({ expression }) => ({ panel: id, expression: shortened(expression, faster) }),
      ),
    );
  }

  /** @param interval seconds between two scrapes */
  static async load(nodeId: string, interval: number): Promise<Catalog> {
    const folder = join(repository, "apps/visualizer");
    const [catalog, promql, graphs] = (await Promise.all(
      ["server/graphs/catalog.ts", "server/graphs/promql.ts", "shared/graphs.ts"].map(
        (file) => import(join(folder, file)),
      ),
    )) as [Pick<Graphs, "catalog">, Pick<Graphs, "lookbackOf">, Pick<Graphs, "panels" | "ranges" | "steps">];
    return new Catalog({ ...catalog, ...promql, ...graphs }, nodeId, interval);
  }
}

/** A query whose windows are as many scrapes long as in a farm. */
export function shortened(expression: string, times: number): string {
  return expression.replaceAll(
    /(?<=[[:])(\d+)s(?=[:\]])/g,
    (_, seconds: string) => `${(Number(seconds) / times) * 1000}ms`,
  );
}

/** The answer to a query. */
interface Answer {
  readonly milliseconds: number;
  /** The last value of each series, by the series' labels. */
  readonly last: ReadonlyMap<string, number>;
}

async function graph(store: Store, catalog: Catalog, query: Query, end: number, parameters: string): Promise<Answer> {
  const given = new URLSearchParams({
    query: query.expression,
    start: String(end - catalog.rangeSeconds),
    end: String(end),
    step: String(catalog.stepSeconds),
  });
  const { milliseconds, series } = await ask(store.url, `query_range?${given.toString()}&${parameters}`);
  const last = series.map(({ metric, values }): [string, number] => [
    JSON.stringify(Object.entries(metric).sort()),
    Number(values?.at(-1)?.[1]),
  ]);
  return { milliseconds, last: new Map(last) };
}

/** Times of the catalog's queries in one store. */
export interface Times {
  /** Of all of them, one after the other, in milliseconds. */
  readonly all: number;
  readonly slowest: number;
  /** The same with the store's cache. */
  readonly cached: number;
}

/** A comparison of the stores' answers. */
export interface Comparison {
  /** In the order of the stores. */
  readonly times: readonly Times[];
  /** Graphs for which the stores gave other series, or none. */
  readonly differing: readonly string[];
  /** Series of all answers, and those of which the last values differ by more than a twentieth. */
  readonly series: number;
  readonly otherValues: number;
}

const rounds = 5;

/** Asks all stores each query in turn, at later and later moments. */
export async function askAll(stores: readonly Store[], catalog: Catalog): Promise<Comparison> {
  const all = new Map(stores.map((store) => [store, { uncached: new Least(), cached: new Least() }]));
  const differing = new Set<string>();
  let [series, otherValues] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    // Samples of the last moment may be in one store and not yet in the other.
    const end = Math.floor(Date.now() / 1000 - 2 * catalog.stepSeconds);
    for (const query of catalog.queries) {
      const answers: Answer["last"][] = [];
      for (const [store, { uncached, cached }] of all) {
        const { milliseconds, last } = await graph(store, catalog, query, end, store.uncached);
        answers.push(last);
        uncached.add(query, milliseconds);
        await graph(store, catalog, query, end, "");
        cached.add(query, (await graph(store, catalog, query, end, "")).milliseconds);
      }
      const [first = new Map<string, number>(), second = first] = answers;
      if (first.size === 0 || [...first.keys()].sort().join() !== [...second.keys()].sort().join())
        differing.add(query.panel);
      series += first.size;
      otherValues += [...first].filter(([name, value]) => differs(value, second.get(name))).length;
    }
  }
  const times = [...all.values()].map(({ uncached, cached }) => ({
    all: uncached.sum,
    slowest: uncached.slowest,
    cached: cached.sum,
  }));
  return { times, differing: [...differing], series, otherValues };
}

/** Whether values are further apart than the rules of both for rates explain. */
function differs(value: number, other = NaN): boolean {
  return !(Math.abs(other - value) <= Math.abs(value) / 20);
}

/** The shortest time of each query: other work of the machine only ever makes it longer. */
class Least {
  readonly #times = new Map<Query, number>();

  add(query: Query, milliseconds: number): void {
    this.#times.set(query, Math.min(this.#times.get(query) ?? Infinity, milliseconds));
  }

  get sum(): number {
    return [...this.#times.values()].reduce((total, time) => total + time, 0);
  }

  get slowest(): number {
    return Math.max(...this.#times.values());
  }
}
