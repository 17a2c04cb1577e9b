import type * as pulumi from "@pulumi/pulumi";
import { farmService } from "../../infra/service/farm-service";
import { configFiles } from "../../infra/service/files";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { nobody } from "../contract/docker-socket";
import { reservedMiB } from "../contract/store";
import { prometheusFlags, type Retention } from "./prometheus-flags";
import { rulesPath } from "./scraping";
import { services } from "./services";

/** How much Prometheus may use. */
export interface PrometheusSizes extends Retention {
  readonly memoryMiB: number;
}

interface PrometheusArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  readonly networks: readonly NetworkUse[];
  /** The node with its data. */
  readonly node: string;
  readonly sizes: PrometheusSizes;
  readonly scraping: object;
  readonly rules: object;
}

/** Reads the log of what is in memory when it starts, which takes a minute on an emulated CPU. */
const startSeconds = 300;

/** Prometheus, on the node with its volume. */
export function prometheus(name: string, args: PrometheusArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, image, networks, node, sizes } = args;
  const { memoryMiB } = sizes;
  const files = [
    { path: "/etc/prometheus/prometheus.yml", content: JSON.stringify(args.scraping) },
    { path: rulesPath, content: JSON.stringify(args.rules) },
  ];
  return new SwarmService(
    name,
    farmService({
      swarm,
      service: services.prometheus.name,
      spec: {
        image,
        args: prometheusFlags(sizes),
        mode: { replicas: 1 },
        placement: { constraints: [`node.hostname == ${node}`] },
        limits: { cpus: 1, memoryMiB },
        reservations: { cpus: 0.05, memoryMiB: reservedMiB(memoryMiB) },
        user: nobody,
        networks,
        configs: configFiles(name, { swarm, files }, parent),
        // The image has its data below /tmp; a new volume gets the permissions of that folder.
        mounts: [{ type: "volume", source: services.prometheus.name, target: "/tmp" }],
        health: { ...answersHttp(services.prometheus.port, "/-/healthy"), startSeconds },
        // Two of them on one folder would wait for its lock.
        update: { order: "stop-first" },
        stopGraceSeconds: 60,
      },
    }),
    { parent },
  );
}
