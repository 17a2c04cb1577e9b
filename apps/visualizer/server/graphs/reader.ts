import { type GraphAnswer, panels, ranges, type RouteNames, steps as stepCount } from "../../shared/graphs.ts";
import { catalog } from "./catalog.ts";
import { graphOf } from "./lines.ts";
import { labelValues, NoData, queryRange, type Steps } from "./prometheus.ts";
import { lookbackOf } from "./promql.ts";
import type { GraphRequest } from "./request.ts";

/** The rest of the server, as far as graphs need it. */
export interface GraphSources {
  /** URL of Prometheus. */
  readonly prometheus: string;
  /** Names of nodes by their ids, as the swarm has them now. */
  readonly nodeNames: () => ReadonlyMap<string, string>;
  /** Runs a job when fewer than some others run: Prometheus has no more than four queries at a time. */
  readonly inTurn: <T>(job: () => Promise<T>) => Promise<T>;
  readonly signal: AbortSignal;
}

/** Answers of one moment serve all viewers that ask within it. */
const freshMs = 15_000;
const answersAtMost = 60;
/** Of viewers that ask for more than Prometheus can answer. */
const waitingAtMost = 100;
const routesAtMost = 200;

/** Reads graphs from Prometheus, and keeps each for a moment. */
export class GraphReader {
  readonly #sources: GraphSources;
  readonly #kept = new Map<string, Promise<unknown>>();
  #waiting = 0;

  constructor(sources: GraphSources) {
    this.#sources = sources;
  }

  /** A graph, or why there is none. */
  async graph(request: GraphRequest, now = Date.now()): Promise<GraphAnswer> {
    const steps = stepsOf(request, now);
    try {
      return await this.#once(JSON.stringify([request, steps]), () => this.#read(request, steps));
    } catch (error) {
      return { problem: textOf(error) };
    }
  }

  /** The routes of which Prometheus has data of the longest range. */
  async routes(now = Date.now()): Promise<RouteNames> {
    const { prometheus, signal } = this.#sources;
    const from = aligned(now) - ranges["15d"];
    const metrics = ["probe_success", "swarm_farm_requests_total"];
    try {
      const names = await this.#once(JSON.stringify(["routes", from]), () =>
        labelValues(prometheus, { label: "route", metrics, from }, signal),
      );
      return { routes: names.slice(0, routesAtMost) };
    } catch (error) {
      return { routes: [], problem: textOf(error) };
    }
  }

  async #read({ panel, view, subject, range }: GraphRequest, steps: Steps): Promise<GraphAnswer> {
    const { prometheus, nodeNames, signal } = this.#sources;
    const names = nodeNames();
    const nodeIds = view === "node" ? [...names].filter(([, name]) => name === subject).map(([id]) => id) : [];
    const lookback = lookbackOf(ranges[range] / stepCount / 1000);
    const queries = catalog[panel](lookback, { name: subject, nodeIds });
    const results = [];
    for (const query of queries)
      results.push([query, await queryRange(prometheus, query.expression, steps, signal)] as const);
    const info = panels.find(({ id }) => id === panel) ?? panels[0];
    return graphOf(info, results, steps, names);
  }

  /** A fresh answer to the same, or a new one; one that failed is not kept. */
  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(key) as Promise<T> | undefined;
    if (kept) return kept;
    if (this.#waiting >= waitingAtMost) return Promise.reject(new NoData("too many graphs are asked for; try again"));
    this.#waiting++;
    const answer = this.#sources.inTurn(read).finally(() => this.#waiting--);
    answer.catch(() => this.#kept.delete(key));
    this.#kept.set(key, answer);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > answersAtMost && oldest !== undefined) this.#kept.delete(oldest);
    return answer;
  }
}

const aligned = (now: number): number => Math.floor(now / freshMs) * freshMs;

function stepsOf({ range, end }: GraphRequest, now: number): Steps {
  const to = aligned(Math.min(end ?? now, now));
  return { from: to - ranges[range], to, stepMs: ranges[range] / stepCount };
}

function textOf(error: unknown): string {
  if (error instanceof NoData) return error.message;
  throw error;
}
