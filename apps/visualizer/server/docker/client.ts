import type { Readable } from "node:stream";
import { Agent } from "undici";
import type { z } from "zod";
import { isAllowed } from "./allow.ts";

/** Docker answered, but not with what was asked for. */
export class DockerError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** An answer of Docker whose body is still to be read. */
export interface Answer {
  readonly type: string;
  readonly body: Readable & { text(): Promise<string>; json(): Promise<unknown> };
}

/** Called once for every request, with its path's kind and outcome. */
export type Observer = (path: string, outcome: string, seconds: number) => void;

const answerMs = 10_000;

/** `unix:///path` or `tcp://host:port`, as undici wants it. */
function endpoint(host: string): { origin: string; socketPath?: string } {
  if (host.startsWith("unix://")) return { origin: "http://docker", socketPath: host.slice("unix://".length) };
  return { origin: host.replace(/^tcp:/, "http:") };
}

function explain(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed) return String(parsed.message);
  } catch {
    // Not from Docker itself, but from something in between: shown as it is.
  }
  return body.trim().slice(0, 300);
}

/** A target without version, id and query: what requests are counted by. */
const kindOf = (target: string): string =>
  target
    .replace(/\?.*$/, "")
    .replace(/^\/v[\d.]+/, "")
    .replace(/^\/tasks\/.*/, "/tasks/{id}/logs");

/** The only way to Docker: sends a GET of the fixed list, or nothing at all. */
export class Docker {
  readonly #origin: string;
  readonly #agent: Agent;
  readonly #observe: Observer;

  constructor(host: string, observe: Observer = () => undefined) {
    const { origin, socketPath } = endpoint(host);
    this.#origin = origin;
    this.#observe = observe;
    this.#agent = new Agent({
      // The stream of events, three lists, and the logs that are read at one time.
      connections: 8,
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
      connect: { timeout: 5_000, ...(socketPath !== undefined && { socketPath }) },
    });
  }

  /** Sends one request. `endless` is for streams, on which silence is no fault. */
  async get(target: string, options: { signal?: AbortSignal; endless?: boolean } = {}): Promise<Answer> {
    if (!isAllowed(target)) throw new Error(`not a path this server may ask Docker for: ${target}`);
    const kind = kindOf(target);
    const started = performance.now();
    const seen = (outcome: string): void => {
      this.#observe(kind, outcome, (performance.now() - started) / 1000);
    };
    try {
      const { statusCode, headers, body } = await this.#agent.request({
        origin: this.#origin,
        path: target,
        method: "GET",
        ...(options.signal && { signal: options.signal }),
        ...(options.endless && { bodyTimeout: 0 }),
      });
      seen(String(statusCode));
      if (statusCode !== 200) {
        throw new DockerError(statusCode, `Docker answers ${kind} with ${statusCode}: ${explain(await body.text())}`);
      }
      return { type: String(headers["content-type"]), body };
    } catch (error) {
      if (!(error instanceof DockerError)) seen("error");
      throw error;
    }
  }

  /** The answer of one request, reduced to what `shape` names. */
  async json<T extends z.ZodType>(target: string, shape: T, signal?: AbortSignal): Promise<z.output<T>> {
    const { body } = await this.get(target, signal ? { signal } : {});
    const read = shape.safeParse(await body.json());
    if (read.success) return read.data;
    const [first] = read.error.issues;
    throw new Error(
      `the answer to ${kindOf(target)} is not understood at '${first?.path.join(".")}': ${first?.message}`,
    );
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}
