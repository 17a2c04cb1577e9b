import { createHash } from "node:crypto";

/** A scrape stands for so many seconds of a farm, whatever the time between two scrapes of the bench is. */
export const scrapeSeconds = 30;
/** Containers of a full node, which has about 500 samples with them. */
export const containersOfNode = 65;
/** One container of each node is replaced every five minutes of a farm, as by updates, jobs and failures. */
export const scrapesToReplacement = 10;
const routes = 10;
const codes = { "2xx": 40, "3xx": 2, "4xx": 1, "5xx": 0 } as const;

/** A container's state; its names change when it is replaced. */
interface Container {
  readonly service: string;
  readonly task: string;
  readonly started: number;
  cpu: number;
  memory: number;
}

/** The answers of the farm's exporter on a full node, scrape after scrape. */
export class Containers {
  readonly #nodeId: string;
  readonly #random: () => number;
  readonly #containers: Container[];
  readonly #requests = new Map<string, number>();
  #scrapes = 0;

  constructor(node: number, random: () => number) {
    this.#random = random;
    this.#nodeId = idOf(`node${node}`);
    this.#containers = Array.from({ length: containersOfNode }, (_, at) => this.#container(at));
  }

  /** The node's id in the swarm. */
  get nodeId(): string {
    return this.#nodeId;
  }

  /** The answer of the next scrape. */
  next(): string {
    this.#scrapes++;
    if (this.#scrapes % scrapesToReplacement === 0) {
      const at = (this.#scrapes / scrapesToReplacement) % containersOfNode;
      this.#containers[at] = this.#container(at);
    }
    for (const container of this.#containers) {
      container.cpu += this.#random() * scrapeSeconds * 0.05;
      container.memory += Math.round((this.#random() - 0.5) * 64) * 4096;
    }
    const now = Date.now() / 1000;
    return [
      ...this.#family("container_cpu_usage_seconds_total", "counter", ({ cpu }) => cpu),
      ...this.#family("container_memory_working_set_bytes", "gauge", ({ memory }) => memory),
      ...this.#family("container_spec_memory_limit_bytes", "gauge", () => 256 * 1024 ** 2),
      ...this.#family("container_spec_cpu_quota", "gauge", () => 25_000),
      ...this.#family("container_spec_cpu_period", "gauge", () => 100_000),
      ...this.#family("container_start_time_seconds", "gauge", ({ started }) => started),
      ...this.#family("container_last_seen", "gauge", () => now),
      ...heading("swarm_farm_exporter_collect_seconds", "gauge"),
      `swarm_farm_exporter_collect_seconds ${0.05 + this.#random() / 10}`,
      ...heading("swarm_farm_requests_total", "counter"),
      ...Array.from({ length: routes }, (_, route) => this.#answered(`route${route}`)).flat(),
      ...heading("swarm_farm_exporter_errors_total", "counter"),
      ...["list", "inspect", "stats", "log", "swarm"].map(
        (what) => `swarm_farm_exporter_errors_total{what="${what}"} 0`,
      ),
      "",
    ].join("\n");
  }

  #container(at: number): Container {
    const service = serviceName(at);
    const task = `${service}.${this.#nodeId}.${idOf(`${this.#nodeId}/${at}/${this.#scrapes}`)}`;
    const memory = 32 * 1024 ** 2 + at * 1024 ** 2;
    return { service, task, started: Date.now() / 1000, cpu: 0, memory };
  }

  #family(name: string, kind: "counter" | "gauge", value: (container: Container) => number): string[] {
    const label = "container_label_com_docker_swarm";
    return [
      ...heading(name, kind),
      ...this.#containers.map(
        (each) =>
          `${name}{name="${each.task}",${label}_service_name="${each.service}",${label}_task_name="${each.task}",${label}_node_id="${this.#nodeId}"} ${value(each)}`,
      ),
    ];
  }

  #answered(route: string): string[] {
    return Object.entries(codes).map(([code, perSecond]) => {
      const series = `swarm_farm_requests_total{route="${route}",code="${code}"}`;
      const count = (this.#requests.get(series) ?? 0) + Math.round(perSecond * scrapeSeconds * (0.5 + this.#random()));
      this.#requests.set(series, count);
      return `${series} ${count}`;
    });
  }
}

/** The answer of the swarm's exporter, in which all is well: every service has a task on each node. */
export function swarmText(nodeIds: readonly string[]): string {
  const ofNode = (name: string, of: readonly string[]) => [
    ...heading(name, "gauge"),
    ...of.map((id, at) => `${name}{node="${nodeName(at)}",node_id="${id}",role="${at < 3 ? "manager" : "worker"}"} 1`),
  ];
  const ofService = (name: string, value: number) => [
    ...heading(name, "gauge"),
    ...Array.from({ length: containersOfNode }, (_, at) => `${name}{service="${serviceName(at)}"} ${value}`),
  ];
  return [
    "swarm_farm_swarm_up 1",
    ...ofNode("swarm_farm_node_ready", nodeIds),
    ...ofNode("swarm_farm_node_active", nodeIds),
    ...ofNode("swarm_farm_manager_reachable", nodeIds.slice(0, 3)),
    ...ofService("swarm_farm_service_desired_tasks", nodeIds.length),
    ...ofService("swarm_farm_service_running_tasks", nodeIds.length),
    ...ofService("swarm_farm_service_failed_tasks", 0),
    ...ofService("swarm_farm_service_update_failed", 0),
    "",
  ].join("\n");
}

/** The routes of the farm. */
export const routeNames = Array.from({ length: routes }, (_, at) => `route${at}`);

/** A node's name by its number. */
export function nodeName(at: number): string {
  return `node${at}`;
}

/** A service's name by its number. */
export function serviceName(at: number): string {
  return `stack${at % 8}_service${at}`;
}

function heading(name: string, kind: "counter" | "gauge"): string[] {
  return [`# HELP ${name} A text as long as those of the exporter are.`, `# TYPE ${name} ${kind}`];
}

/** An id as Docker makes them, the same in each run. */
function idOf(text: string): string {
  return BigInt(`0x${createHash("sha256").update(text).digest("hex")}`)
    .toString(36)
    .slice(0, 25);
}
