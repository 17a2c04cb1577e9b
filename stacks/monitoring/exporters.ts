import type * as pulumi from "@pulumi/pulumi";
import { farmService } from "../../infra/service/farm-service";
import { configFiles } from "../../infra/service/files";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { nobody } from "../contract/docker-socket";
import { exporterSizes } from "../contract/exporter-service";
import { nodesFlags } from "./node-flags";
import { probing } from "./scraping";
import { services } from "./services";

interface ExporterArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  readonly networks: readonly NetworkUse[];
}

/** Where a node's own files are in the container of its node exporter. */
const root = "/host";

interface NodesExporterArgs extends ExporterArgs {
  /** Whether programs of the nodes write files with metrics. */
  readonly hasNodeMetrics: boolean;
}

/** A node exporter on every node, with the node's files, which it cannot write. */
export function nodesExporter(name: string, args: NodesExporterArgs, parent: pulumi.Resource): SwarmService {
  return new SwarmService(
    name,
    farmService({
      swarm: args.swarm,
      service: services.nodes.name,
      spec: {
        image: args.image,
        args: nodesFlags(root, args.hasNodeMetrics),
        mode: "global",
        limits: exporterSizes.limits,
        reservations: exporterSizes.reservations,
        // The name that its metrics have.
        hostname: "{{.Node.Hostname}}",
        user: nobody,
        networks: args.networks,
        mounts: [{ type: "bind", source: "/", target: root, readOnly: true, propagation: "rslave" }],
        health: answersHttp(services.nodes.port, "/"),
        update: { order: "stop-first" },
      },
    }),
    { parent },
  );
}

/** The blackbox exporter, on the load balancer's network. */
export function probesExporter(name: string, args: ExporterArgs, parent: pulumi.Resource): SwarmService {
  const files = [{ path: "/etc/prometheus/blackbox.yml", content: JSON.stringify(probing) }];
  return new SwarmService(
    name,
    farmService({
      swarm: args.swarm,
      service: services.probes.name,
      spec: {
        image: args.image,
        args: ["--config.file=/etc/prometheus/blackbox.yml", "--log.level=warn"],
        mode: { replicas: 1 },
        limits: exporterSizes.limits,
        reservations: exporterSizes.reservations,
        user: nobody,
        networks: args.networks,
        configs: configFiles(name, { swarm: args.swarm, files }, parent),
        health: answersHttp(services.probes.port, "/-/healthy"),
        update: { order: "start-first" },
      },
    }),
    { parent },
  );
}
