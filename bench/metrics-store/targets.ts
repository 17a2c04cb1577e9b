import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { join } from "node:path";
import { repository } from "../../tests/support/sources";
import { Containers, nodeName, swarmText } from "./containers";
import { linesOf, next } from "./recording";

/** Ports of the exporters, as in a farm. */
export const ports = { nodes: 9100, exporter: 9101, swarm: 9102, probes: 9115 } as const;

/** The address of a node's exporters, or with none of those that are there once. */
export function addressOf(node?: number): string {
  return node === undefined ? "127.0.1.1" : `127.0.2.${node + 1}`;
}

/** The exporters of a farm: each address of loopback is a node. All stores get the same answers. */
export class Targets {
  readonly nodeIds: readonly string[];
  readonly #answers: ReadonlyMap<string, () => string>;
  readonly #kept = new Map<string, { readonly tick: number; readonly text: string }>();
  readonly #intervalMs: number;
  readonly #servers: Server[] = [];

  /**
   * @param recorded two answers of a node exporter
   * @param times how many times longer the time between two scrapes of a farm is than that between the recordings
   * @param intervalMs between two scrapes; within one the answer is the same
   */
  constructor(nodes: number, recorded: readonly [string, string], times: number, intervalMs: number) {
    this.#intervalMs = intervalMs;
    const random = seeded(nodes);
    const containers = Array.from({ length: nodes }, (_, at) => new Containers(at, random));
    this.nodeIds = containers.map(({ nodeId }) => nodeId);
    const swarm = swarmText(this.nodeIds);
    const probe = readFileSync(join(repository, "tests/support/metrics/blackbox-exporter.prom"), "utf8");
    this.#answers = new Map([
      ...containers.flatMap((each, at): [string, () => string][] => {
        const lines = linesOf(named(recorded[0], at), named(recorded[1], at), times);
        return [
          [`${addressOf(at)}:${ports.nodes}`, () => next(lines, random)],
          [`${addressOf(at)}:${ports.exporter}`, () => each.next()],
        ];
      }),
      [`${addressOf()}:${ports.swarm}`, () => swarm],
      [`${addressOf()}:${ports.probes}`, () => probed(probe, random)],
    ]);
  }

  /** Listens on every address; the network namespace has nothing but loopback. */
  async start(): Promise<void> {
    for (const port of Object.values(ports)) {
      const server = createServer((request, response) => {
        response.setHeader("Content-Type", "text/plain; version=0.0.4");
        response.end(this.#answer(request, port));
      });
      this.#servers.push(server);
      await new Promise<void>((resolve) => server.listen(port, "0.0.0.0", resolve));
    }
  }

  stop(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  /** The samples of one scrape of all targets. */
  get samples(): number {
    const texts = [...this.#kept].map(([, { text }]) => text);
    return texts.reduce((sum, text) => sum + text.split("\n").filter((line) => /^[^#]/.test(line)).length, 0);
  }

  #answer(request: IncomingMessage, port: number): string {
    const target = `${request.socket.localAddress ?? ""}:${port}`;
    const key = `${target}${request.url ?? ""}`;
    const tick = Math.floor(Date.now() / this.#intervalMs);
    let kept = this.#kept.get(key);
    if (kept?.tick !== tick) {
      kept = { tick, text: this.#answers.get(target)?.() ?? "" };
      this.#kept.set(key, kept);
    }
    return kept.text;
  }
}

/** A node exporter's answer with another node's name. */
function named(text: string, at: number): string {
  return text.replace(/nodename="[^"]*"/, `nodename="${nodeName(at)}"`);
}

/** A probe's answer with other durations. */
function probed(text: string, random: () => number): string {
  return text.replaceAll(/^(probe_\w*duration_seconds\S*) (\S+)$/gm, (_, series: string, value: string) =>
    [series, Number(value) * (0.5 + random())].join(" "),
  );
}

/** Numbers from 0 to 1 that are the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
