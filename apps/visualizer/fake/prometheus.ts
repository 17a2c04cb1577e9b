import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FakeSwarm } from "@swarm-farm/docker-api/fake";

/** A Prometheus that answers with series that a farm could have. */
export interface FakePrometheus {
  readonly url: string;
  /** Paths and queries in order. */
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

/** A line of a graph: its labels, its usual value, and how much it goes up and down. */
interface Line {
  readonly labels: Readonly<Record<string, string>>;
  readonly base: number;
  readonly swing: number;
  /** Some minutes a day it is this high. */
  readonly peak?: number;
  /** Whether it is a whole number, which stays as it is most of the time. */
  readonly whole?: boolean;
}

const routes = ["api", "shop", "visualizer"];
const gib = 1024 ** 3;
const daySeconds = 86_400;

/** The same for the same text, from 0 up to 1. */
function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  return ((hash >>> 0) % 10_007) / 10_007;
}

const named = (query: string, label: string): string =>
  new RegExp(`${label}="((?:[^"\\\\]|\\\\.)*)"`).exec(query)?.[1] ?? "";

function tasksOf(swarm: FakeSwarm, query: string): readonly string[] {
  const service = named(query, "container_label_com_docker_swarm_service_name");
  const nodes = /node_id=~"([^"]*)"/.exec(query)?.[1]?.split("|");
  const services = new Map([...swarm.services.values()].map(({ id, spec }) => [id, spec.Name]));
  return [...swarm.tasks.values()].flatMap(({ serviceId, nodeId, slot, state }) => {
    const name = services.get(serviceId) ?? "";
    const isAsked = nodes ? nodes.includes(nodeId) : name === service;
    return isAsked && state === "running" ? [`${name}.${slot > 0 ? slot : nodeId.padEnd(25, "0")}`] : [];
  });
}

/** The lines of a query of the catalog, found by the metrics in it: the first that fits. */
function linesOf(swarm: FakeSwarm, query: string): readonly Line[] {
  const nodes = [...swarm.nodes.values()].map(({ hostname }) => hostname);
  const services = [...swarm.services.values()].map(({ spec }) => spec.Name);
  const node = named(query, "nodename");
  const replicas = (name: string): number => {
    const service = [...swarm.services.values()].find(({ spec }) => spec.Name === name);
    return service?.spec.Mode.Replicated?.Replicas ?? swarm.nodes.size;
  };
  const each = (label: string, values: readonly string[], line: (value: string, i: number) => Omit<Line, "labels">) =>
    values.map((value, i) => ({ labels: { [label]: value }, ...line(value, i) }));
  const busy = (value: string) => 0.15 + 0.4 * hashOf(value);
  const all: readonly (readonly [RegExp, () => readonly Line[]])[] = [
    [
      /mode!="idle"/,
      () =>
        each("mode", ["user", "system", "iowait", "steal"], (mode, i) => ({
          base: busy(node + mode) / (1 + 2 * i),
          swing: 0.08 / (1 + i),
        })),
    ],
    [/node_cpu/, () => each("nodename", nodes, (name) => ({ base: busy(name), swing: 0.12, peak: 0.92 }))],
    [/^max by \(nodename\) \(\(node_memory_MemTotal_bytes\)/, () => [{ labels: {}, base: 8 * gib, swing: 0 }]],
    [/node_memory_MemTotal_bytes -/, () => [{ labels: {}, base: 5.1 * gib, swing: 0.6 * gib }]],
    [/node_memory/, () => each("nodename", nodes, (name) => ({ base: 0.4 + 0.3 * hashOf(name), swing: 0.06 }))],
    [/mountpoint\)/, () => each("mountpoint", ["/", "/srv"], (_, i) => ({ base: (21 + 30 * i) * gib, swing: gib }))],
    [/node_filesystem/, () => each("nodename", nodes, (name) => ({ base: 0.3 + 0.5 * hashOf(name), swing: 0.01 }))],
    [
      /container_cpu/,
      () =>
        each("task", tasksOf(swarm, query), (name) => ({ base: 0.05 + 0.2 * hashOf(name), swing: 0.05, peak: 0.5 })),
    ],
    [/container_spec_memory/, () => [{ labels: {}, base: 256 * 1024 ** 2, swing: 0 }]],
    [
      /container_memory/,
      () => each("task", tasksOf(swarm, query), (name) => ({ base: (60 + 120 * hashOf(name)) * 1e6, swing: 9e6 })),
    ],
    [
      /desired_tasks\) - /,
      () =>
        each("service", services, (name, i) => ({
          // As generateSwarm has it: no node fits.
          base: name === "training" ? 1 : 0,
          swing: 0,
          whole: true,
          ...(i % 4 === 1 && { peak: 2 }),
        })),
    ],
    [
      /service_(desired|running)_tasks/,
      () => {
        const base = replicas(named(query, "service"));
        return [{ labels: {}, base, swing: 0, whole: true, ...(query.includes("running") && { peak: base - 1 }) }];
      },
    ],
    [/service_failed_tasks/, () => [{ labels: {}, base: 0, swing: 0, whole: true, peak: 1 }]],
    [/ \/ sum\(/, () => [{ labels: {}, base: 0.004, swing: 0.003, peak: 0.06 }]],
    [
      /sum by \(code\)/,
      () =>
        each("code", ["2xx", "3xx", "4xx", "5xx"], (_, i) => ({
          base: 40 / (1 + i) ** 3,
          swing: 18 / (1 + i) ** 3,
        })),
    ],
    [/code="5xx"/, () => each("route", routes, (_, i) => ({ base: 0, swing: 0, ...(i === 1 && { peak: 1.4 }) }))],
    [/requests_total/, () => each("route", routes, (name) => ({ base: 12 + 30 * hashOf(name), swing: 9, peak: 70 }))],
    [/probe_duration/, () => [{ labels: {}, base: 0.035, swing: 0.012, peak: 0.4 }]],
    [/probe_success/, () => [{ labels: {}, base: 1, swing: 0 }]],
  ];
  return all.find(([pattern]) => pattern.test(query))?.[1]() ?? [];
}

function valueAt({ labels, base, swing, peak, whole }: Line, seconds: number): number {
  const seed = hashOf(JSON.stringify(labels));
  const wave = (period: number, phase: number): number => Math.sin(2 * Math.PI * (seconds / period + seed * phase));
  const noise = hashOf(`${seed} ${seconds}`) - 0.5;
  // More by day than by night, with a slower and a faster wave on it.
  const usual =
    base + swing * (0.5 * wave(daySeconds, 0.2) + 0.3 * wave(5_100, 7) + 0.15 * wave(900, 13) + 0.3 * noise);
  const isPeak = peak !== undefined && (seconds + seed * daySeconds) % (11_000 + 40_000 * seed) < 600;
  const value = Math.max(0, isPeak ? peak * (1 - 0.1 * Math.abs(noise)) : usual);
  return whole ? Math.round(value) : value;
}

function matrix(swarm: FakeSwarm, parameters: URLSearchParams): unknown {
  const [start, end, step] = ["start", "end", "step"].map((name) => Number(parameters.get(name)));
  if (start === undefined || end === undefined || !step) return { status: "error" };
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step);
  const result = linesOf(swarm, parameters.get("query") ?? "").map((line) => ({
    metric: line.labels,
    values: times.map((time) => [time, String(valueAt(line, time))]),
  }));
  return { status: "success", data: { resultType: "matrix", result } };
}

function answer(swarm: FakeSwarm, { pathname, searchParams }: URL, response: ServerResponse): void {
  const answers: Readonly<Record<string, () => unknown>> = {
    "/api/v1/alerts": () => ({ status: "success", data: { alerts: [] } }),
    "/api/v1/label/route/values": () => ({ status: "success", data: routes }),
    "/api/v1/query_range": () => matrix(swarm, searchParams),
  };
  const value = answers[pathname]?.();
  response.writeHead(value === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(value ?? {}));
}

/** Starts a fake Prometheus of a fake swarm. */
export async function startFakePrometheus(swarm: FakeSwarm): Promise<FakePrometheus> {
  const requests: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    const target = new URL(url, "http://prometheus");
    requests.push(`${target.pathname}?${target.searchParams.get("query") ?? ""}`);
    answer(swarm, target, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
