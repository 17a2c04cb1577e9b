import type { Readable } from "node:stream";
import { Agent } from "undici";
import type * as z from "zod";
import { DockerError, messageOf, OutOfSequence } from "./errors.ts";
import { versionShape } from "./shapes.ts";
import { commonApi } from "./version.ts";

/** Called once for each request, with its kind (a path without version, id and query) and its status or `error`. */
export type Observer = (kind: string, outcome: string, seconds: number) => void;

/** How a client behaves; all of it has a default. */
export interface DockerOptions {
  /** Bounds a request with its answer; of a stream, the wait for its headers. Milliseconds. Default: 5000 */
  readonly timeoutMs?: number;
  /** Connections at one time. Default: 4 */
  readonly connections?: number;
  /** Whether a request may be sent; it is asked about exactly the target that is sent. Default: all may */
  readonly allow?: (method: string, target: string) => boolean;
  readonly observe?: Observer;
}

/** An answer whose body is not read yet. */
export interface Answer {
  readonly type: string;
  readonly body: Readable & { text(): Promise<string> };
}

interface Sent {
  readonly signal?: AbortSignal | undefined;
  readonly body?: string;
  readonly endless?: boolean;
}

/** `unix:///path` or `tcp://host:port`, as undici wants it. */
function endpoint(host: string): { origin: string; socketPath?: string } {
  if (host.startsWith("unix://")) return { origin: "http://docker", socketPath: host.slice("unix://".length) };
  return { origin: host.replace(/^tcp:/, "http:") };
}

const kindOf = (target: string): string =>
  target
    .replace(/\?.*$/, "")
    .replace(/^\/v[\d.]+/, "")
    .replace(/^\/(\w+)\/(?!create$)[^/]+/, "/$1/{id}");

/** A client of Docker's HTTP API. Paths are without the API's version, which is negotiated. */
export class Docker {
  readonly #origin: string;
  readonly #agent: Agent;
  readonly #timeoutMs: number;
  readonly #allow: (method: string, target: string) => boolean;
  readonly #observe: Observer;
  #api: string | undefined;

  /** @param host `unix:///path` or `tcp://host:port` */
  constructor(host: string, options: DockerOptions = {}) {
    const { timeoutMs = 5_000, connections = 4, allow = () => true, observe = () => undefined } = options;
    const { origin, socketPath } = endpoint(host);
    this.#origin = origin;
    this.#timeoutMs = timeoutMs;
    this.#allow = allow;
    this.#observe = observe;
    this.#agent = new Agent({
      connections,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: timeoutMs, ...(socketPath !== undefined && { socketPath }) },
    });
  }

  /** Chooses the API's version again, as a daemon may have been updated; the other methods do so before their first request. */
  async negotiate(): Promise<{ readonly docker: string; readonly api: string }> {
    const version = this.#parse(await this.#json("GET", "/version"), versionShape, "/version");
    this.#api = commonApi(version);
    return { docker: version.Version, api: this.#api };
  }

  /** The answer to a GET, reduced to what `shape` names. */
  async get<T extends z.ZodType>(path: string, shape: T, signal?: AbortSignal): Promise<z.output<T>> {
    return this.#parse(await this.#json("GET", await this.#target(path), { signal }), shape, path);
  }

  /** The answer to a GET whose body is read by the caller. On an `endless` one silence is no fault. */
  async stream(path: string, options: { signal?: AbortSignal; endless?: boolean } = {}): Promise<Answer> {
    return this.#send("GET", await this.#target(path), options);
  }

  /** @throws OutOfSequence if the object was changed since the version in `path` */
  async post(path: string, body: unknown): Promise<void> {
    await this.#json("POST", await this.#target(path), { body: JSON.stringify(body) });
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #target(path: string): Promise<string> {
    return `/v${this.#api ?? (await this.negotiate()).api}${path}`;
  }

  #parse<T extends z.ZodType>(answer: unknown, shape: T, path: string): z.output<T> {
    const read = shape.safeParse(answer);
    if (read.success) return read.data;
    const [first] = read.error.issues;
    throw new Error(
      `Docker's answer to ${kindOf(path)} is not understood at '${first?.path.join(".")}': ${first?.message}`,
    );
  }

  async #json(method: "GET" | "POST", target: string, { signal, ...sent }: Sent = {}): Promise<unknown> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    try {
      const { body } = await this.#send(method, target, {
        ...sent,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const text = await body.text();
      return text.trim() === "" ? undefined : JSON.parse(text);
    } catch (error) {
      if (error !== timeout.reason) throw error;
      throw new Error(`Docker did not answer ${method} ${kindOf(target)} within ${this.#timeoutMs / 1000} s`, {
        cause: error,
      });
    }
  }

  async #send(method: "GET" | "POST", target: string, { signal, body: sent, endless }: Sent): Promise<Answer> {
    if (!this.#allow(method, target)) throw new Error(`this client may not send Docker ${method} ${target}`);
    const kind = kindOf(target);
    const started = performance.now();
    const seen = (outcome: string): void => {
      this.#observe(kind, outcome, (performance.now() - started) / 1000);
    };
    const { statusCode, headers, body } = await this.#agent
      .request({
        origin: this.#origin,
        path: target,
        method,
        ...(signal && { signal }),
        ...(endless && { bodyTimeout: 0 }),
        ...(sent !== undefined && { body: sent, headers: { "content-type": "application/json" } }),
      })
      .catch((error: unknown) => {
        seen("error");
        throw error;
      });
    seen(String(statusCode));
    if (statusCode < 300) return { type: String(headers["content-type"]), body };
    const message = messageOf(await body.text());
    // Docker has no status of its own for this: 500, 400 or 409, depending on its version.
    if (message.includes("out of sequence")) throw new OutOfSequence(message);
    throw new DockerError(statusCode, `Docker answers ${method} ${kind} with ${statusCode}: ${message}`);
  }
}
