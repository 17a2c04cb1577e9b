import { Agent } from "undici";
import { z } from "zod";

/** Docker answered, but not with what was asked for. */
export class DockerError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Somebody changed the object since it was read: read again and decide again. */
export class OutOfSequence extends Error {}

/** Whether Docker certainly did not do what it was asked; after a broken connection that is not known. */
export const wasRefused = (error: unknown): boolean => error instanceof DockerError || error instanceof OutOfSequence;

/** Docker 20.10, the first that tells a service's running tasks. */
const oldestApi = "1.41";

const versionShape = z.object({ ApiVersion: z.string(), MinAPIVersion: z.string().default(oldestApi) });

function endpoint(host: string): { origin: string; socketPath?: string } {
  if (host.startsWith("unix://")) return { origin: "http://docker", socketPath: host.slice("unix://".length) };
  return { origin: host.replace(/^tcp:/, "http:") };
}

/** Orders API versions: negative if `a` is older. */
function compareApi(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}

function messageOf(body: string): string {
  try {
    return z.object({ message: z.string() }).parse(JSON.parse(body)).message;
  } catch {
    // Not from Docker itself, but from something in between: shown as it is.
    return body.trim().slice(0, 300);
  }
}

/** Docker's HTTP API: JSON in, JSON out. */
export class Docker {
  readonly #origin: string;
  readonly #agent: Agent;
  #prefix: string | undefined;

  /** `host` is `unix:///path` or `tcp://host:port`; `timeoutMs` bounds every request. */
  constructor(
    host: string,
    readonly timeoutMs = 5_000,
  ) {
    const { origin, socketPath } = endpoint(host);
    this.#origin = origin;
    this.#agent = new Agent({ connections: 4, connect: { timeout: timeoutMs, ...(socketPath && { socketPath }) } });
  }

  async get<T extends z.ZodType>(path: string, shape: T): Promise<z.output<T>> {
    const read = shape.safeParse(await this.#send("GET", `${await this.#version()}${path}`));
    if (read.success) return read.data;
    const [first] = read.error.issues;
    throw new Error(`Docker's answer to ${path} is not understood at '${first?.path.join(".")}': ${first?.message}`);
  }

  async post(path: string, body: unknown): Promise<void> {
    await this.#send("POST", `${await this.#version()}${path}`, body);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** The oldest version both sides know changes least from one Docker to the next. */
  async #version(): Promise<string> {
    if (this.#prefix !== undefined) return this.#prefix;
    const { ApiVersion: newest, MinAPIVersion: oldest } = versionShape.parse(await this.#send("GET", "/version"));
    if (compareApi(newest, oldestApi) < 0) {
      throw new Error(`Docker speaks API ${newest}, which is too old: ${oldestApi} (Docker 20.10) or newer is needed`);
    }
    this.#prefix = `/v${compareApi(oldest, oldestApi) > 0 ? oldest : oldestApi}`;
    return this.#prefix;
  }

  async #send(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> {
    const { statusCode, body: answer } = await this.#agent.request({
      origin: this.#origin,
      path,
      method,
      signal: AbortSignal.timeout(this.timeoutMs),
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await answer.text();
    if (statusCode < 300) return text.trim() === "" ? undefined : JSON.parse(text);
    const message = messageOf(text);
    // Docker has no status of its own for this: 500, 400 or 409, depending on its version.
    if (message.includes("out of sequence")) throw new OutOfSequence(message);
    throw new DockerError(statusCode, `Docker answers ${method} ${path} with ${statusCode}: ${message}`);
  }
}
