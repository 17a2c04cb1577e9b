import * as pulumi from "@pulumi/pulumi";
import { farmService } from "../../infra/service/farm-service";
import { configFiles } from "../../infra/service/files";
import { answersHttp } from "../../infra/service/health";
import { SwarmNetwork } from "../../infra/service/network";
import { SwarmService } from "../../infra/service/service";
import type { Swarm } from "../../infra/swarm/swarm";
import { dockerSocket, nobody, socketGroup } from "../docker-socket";

interface StewardArgs {
  readonly swarm: Swarm;
  readonly images: Readonly<Record<"steward" | "exporter" | "prometheus", pulumi.Input<string>>>;
  /** Whether tasks are spread again when a node has come back. */
  readonly rebalance: boolean;
  /** How long nothing must have changed before tasks are moved. */
  readonly quietSeconds: number;
}

/** Node.js alone takes half a minute to start on an emulated CPU that others want too. */
const startSeconds = 180;

/** A manager under software emulation that starts tasks itself takes more than the usual 5 s to answer. */
const timeouts = { requestSeconds: 15, leaseSeconds: 45 };

const ports = { exporter: 9101, prometheus: 9090, steward: 8080 } as const;

/** What Swarm leaves to people: a steward, what it knows of load from Prometheus, and an exporter of that on every node. */
export class Steward extends pulumi.ComponentResource {
  /** Each is there when its tasks are healthy. */
  readonly services: readonly SwarmService[];

  constructor(name: string, args: StewardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:steward:Steward", name, {}, { ...opts, aliases: [{ type: "swarm-farm:stacks:Steward" }] });
    const { swarm, images } = args;
    const network = new SwarmNetwork(
      `${name}-network`,
      { swarm, internal: true },
      { parent: this, deleteBeforeReplace: true },
    );
    const networks = [{ id: network.id }];
    const groups = [socketGroup(name, swarm, this)];
    const configs = (noun: string, path: string, content: object) =>
      // JSON is YAML too.
      configFiles(`${name}-${noun}`, { swarm, files: [{ path, content: JSON.stringify(content) }] }, this);

    const exporter = new SwarmService(
      `${name}-exporter`,
      farmService({
        swarm,
        service: "exporter",
        spec: {
          image: images.exporter,
          mode: "global",
          limits: { cpus: 0.25, memoryMiB: 48 },
          reservations: { cpus: 0.02, memoryMiB: 12 },
          user: nobody,
          groups,
          networks,
          mounts: [dockerSocket],
          health: { command: ["/bin/exporter", "-check"] },
          update: { order: "stop-first" },
        },
      }),
      { parent: this },
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
          // What it remembers is of no use tomorrow; while it is away nothing is scaled.
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
          limits: { cpus: 0.5, memoryMiB: 160 },
          reservations: { cpus: 0.05, memoryMiB: 48 },
          user: nobody,
          groups,
          networks,
          configs: configs("server", "/etc/steward.json", {
            prometheusUrl: `http://prometheus:${String(ports.prometheus)}`,
            rebalance: args.rebalance ? "on" : "off",
            quietSeconds: args.quietSeconds,
            ...timeouts,
          }),
          mounts: [dockerSocket, { type: "tmpfs", target: "/tmp" }],
          health: { ...answersHttp(ports.steward, "/healthz"), startSeconds },
          // Two never fight: the new one waits for the old one's lease.
          update: { order: "start-first" },
        },
      }),
      { parent: this },
    );

    this.services = [exporter, prometheus, steward];
    this.registerOutputs({});
  }
}

/** The tasks of a service, by Docker's own name server. */
function tasksOf(service: string, port: number) {
  return {
    job_name: service,
    dns_sd_configs: [{ names: [`tasks.${service}`], type: "A", port, refresh_interval: "5s" }],
  };
}

const scraping = {
  // An exporter gives itself 8 s on a busy node.
  global: { scrape_interval: "10s", scrape_timeout: "9s", evaluation_interval: "1m" },
  scrape_configs: [tasksOf("exporter", ports.exporter), tasksOf("steward", ports.steward)],
};

/** For hours, not years, and for one who asks: as little memory as that takes. */
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
