import * as pulumi from "@pulumi/pulumi";
import { farmService } from "../../infra/service/farm-service";
import { configFiles } from "../../infra/service/files";
import { answersHttp } from "../../infra/service/health";
import { SwarmNetwork } from "../../infra/service/network";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { dockerSocket, nobody, socketGroup } from "../contract/docker-socket";
import { sharedExporter } from "../contract/exporter";
import { exporter } from "../contract/exporter-service";
import { nodeHeap, nodeStartSeconds } from "../contract/node-program";
import { ports } from "./ports";

interface StewardArgs {
  readonly swarm: Swarm;
  readonly images: Readonly<Record<"steward" | "exporter" | "prometheus", pulumi.Input<string>>>;
  /** Whether it moves tasks to a node that returns. */
  readonly rebalance: boolean;
  /** How long tasks and nodes must not have changed before it moves tasks. */
  readonly stabilizationSeconds: number;
}

/** Of its Node.js program. */
const memoryMiB = 160;

/** An emulated manager that starts tasks takes more than the default 5 s to answer. */
const timeouts = { requestSeconds: 15, leaseSeconds: 45 };

/** The steward, which rebalances and autoscales, Prometheus for its metrics, and an exporter on every node. */
export class Steward extends pulumi.ComponentResource {
  /** Its services, in start order. */
  readonly services: readonly SwarmService[];
  /** The network of the exporter and the steward. */
  readonly network: NetworkUse;

  constructor(name: string, args: StewardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:steward:Steward", name, {}, { ...opts, aliases: [{ type: "swarm-farm:stacks:Steward" }] });
    const { swarm, images } = args;
    const network = new SwarmNetwork(
      `${name}-network`,
      { swarm, internal: true },
      { parent: this, deleteBeforeReplace: true },
    );
    const networks = [{ id: network.id }];
    const groups = [socketGroup(name, { swarm }, this)];
    const configs = (noun: string, path: string, content: object) =>
      // JSON is valid YAML.
      configFiles(`${name}-${noun}`, { swarm, files: [{ path, content: JSON.stringify(content) }] }, this);

    const shared = exporter(
      `${name}-exporter`,
      { swarm, service: sharedExporter.service, image: images.exporter, groups, networks },
      this,
    );
    const prometheus = new SwarmService(
      `${name}-prometheus`,
      farmService({
        swarm,
        service: "prometheus",
        spec: {
          image: images.prometheus,
          args: prometheusFlags,
          mode: { replicas: 1 },
          limits: { cpus: 0.5, memoryMiB: 224 },
          reservations: { cpus: 0.05, memoryMiB: 96 },
          networks,
          configs: configs("prometheus", "/etc/prometheus/prometheus.yml", scraping),
          // Its data is short-lived; while it is down nothing is scaled.
          mounts: [{ type: "tmpfs", target: "/tmp" }],
          health: answersHttp(ports.prometheus, "/-/healthy"),
          update: { order: "stop-first" },
        },
      }),
      { parent: this },
    );
    const steward = new SwarmService(
      `${name}-server`,
      farmService({
        swarm,
        service: "steward",
        after: [prometheus],
        spec: {
          image: images.steward,
          args: ["run", "--config", "/etc/steward.json"],
          mode: { replicas: 1 },
          placement: { constraints: ["node.role == manager"] },
          limits: { cpus: 0.5, memoryMiB },
          reservations: { cpus: 0.05, memoryMiB: 48 },
          user: nobody,
          groups,
          networks,
          env: nodeHeap(memoryMiB),
          configs: configs("server", "/etc/steward.json", {
            prometheusUrl: `http://prometheus:${String(ports.prometheus)}`,
            rebalance: args.rebalance ? "on" : "off",
            quietSeconds: args.stabilizationSeconds,
            ...timeouts,
          }),
          mounts: [dockerSocket, { type: "tmpfs", target: "/tmp" }],
          health: { ...answersHttp(ports.steward, "/healthz"), startSeconds: nodeStartSeconds },
          // The new task waits until the lease of the old one ends.
          update: { order: "start-first" },
        },
      }),
      { parent: this },
    );

    this.services = [shared, prometheus, steward];
    this.network = { id: network.id };
    this.registerOutputs({});
  }
}

/** The tasks of a service, from Docker's name server. */
function tasksOf(service: string, port: number) {
  return {
    job_name: service,
    dns_sd_configs: [{ names: [`tasks.${service}`], type: "A", port, refresh_interval: "5s" }],
  };
}

const scraping = {
  // An exporter takes up to 8 s on a busy node.
  global: { scrape_interval: "10s", scrape_timeout: "9s", evaluation_interval: "1m" },
  scrape_configs: [tasksOf(sharedExporter.service, sharedExporter.port), tasksOf("steward", ports.steward)],
};

/** Short retention, single reader: tuned for minimal memory. */
const prometheusFlags = [
  "--storage.tsdb.retention.time=6h",
  "--storage.tsdb.retention.size=48MB",
  "--storage.tsdb.min-block-duration=30m",
  "--storage.tsdb.max-block-duration=30m",
  "--storage.tsdb.wal-segment-size=10MB",
  "--storage.tsdb.head-chunks-write-queue-size=0",
  "--query.max-concurrency=4",
  "--query.max-samples=1000000",
  "--query.timeout=30s",
  "--web.max-connections=32",
  "--log.level=warn",
  "--enable-feature=auto-gomemlimit",
];
