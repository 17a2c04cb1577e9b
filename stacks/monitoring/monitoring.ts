import * as pulumi from "@pulumi/pulumi";
import { SwarmNetwork } from "../../infra/service/network";
import type { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { alertmanager } from "./alertmanager";
import { nodesExporter, probesExporter } from "./exporters";
import { grafana, type GrafanaSpec } from "./grafana/grafana";
import { prometheus, type PrometheusSizes } from "./prometheus";
import { services } from "./services";
import { socketGroup } from "../contract/docker-socket";
import { exporter } from "../contract/exporter-service";

interface MonitoringArgs {
  readonly swarm: Swarm;
  /** Those of services that are not deployed are left out. */
  readonly images: Readonly<Record<"prometheus" | "exporter" | "nodes", pulumi.Input<string>>> &
    Readonly<Partial<Record<"alertmanager" | "probes", pulumi.Input<string>>>>;
  /** The node with Prometheus' data. */
  readonly node: string;
  readonly sizes: PrometheusSizes;
  /** Prometheus' configuration. */
  readonly scraping: object;
  readonly rules: object;
  /** Alertmanager's configuration, which has credentials. Default: nobody is told of alerts. */
  readonly alerting: object | undefined;
  /** Default: no Grafana. */
  readonly grafana: GrafanaSpec | undefined;
  /** Whether another stack has an exporter on every node. */
  readonly hasExporter: boolean;
  /** Whether programs of the nodes write files with metrics. */
  readonly hasNodeMetrics: boolean;
  readonly edgeNetworks: readonly NetworkUse[];
  /** Networks of the targets of other stacks. */
  readonly scrapeNetworks: readonly NetworkUse[];
}

/** Prometheus, its exporters, Alertmanager and Grafana. */
export class Monitoring extends pulumi.ComponentResource {
  /** Its services, in start order. */
  readonly services: readonly SwarmService[];

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:monitoring:Monitoring", name, {}, opts);
    const { swarm, images } = args;
    // Not internal: Alertmanager's receivers are outside of the farm.
    const network = new SwarmNetwork(`${name}-network`, { swarm, name }, { parent: this, deleteBeforeReplace: true });
    const networks: readonly NetworkUse[] = [{ id: network.id }];
    const groups = [socketGroup(name, { swarm }, this)];
    const reading = { swarm, image: images.exporter, networks, groups };
    const exporters = [
      nodesExporter(
        `${name}-nodes`,
        { swarm, image: images.nodes, networks, hasNodeMetrics: args.hasNodeMetrics },
        this,
      ),
      exporter(`${name}-swarm`, { ...reading, service: services.swarm.name, reads: "swarm" }, this),
      ...(args.hasExporter
        ? []
        : [exporter(`${name}-exporter`, { ...reading, service: services.exporter.name }, this)]),
      ...(images.probes === undefined
        ? []
        : [
            probesExporter(
              `${name}-probes`,
              { swarm, image: images.probes, networks: [...networks, ...args.edgeNetworks] },
              this,
            ),
          ]),
    ];
    const alerting =
      args.alerting && images.alertmanager !== undefined
        ? [
            alertmanager(
              `${name}-alertmanager`,
              { swarm, image: images.alertmanager, networks, config: args.alerting },
              this,
            ),
          ]
        : [];
    const store = prometheus(
      `${name}-prometheus`,
      {
        swarm,
        image: images.prometheus,
        networks: [...networks, ...args.edgeNetworks, ...args.scrapeNetworks],
        node: args.node,
        sizes: args.sizes,
        scraping: args.scraping,
        rules: args.rules,
      },
      this,
    );

    const pages = args.grafana
      ? [grafana(`${name}-grafana`, { swarm, networks: [...networks, ...args.edgeNetworks], ...args.grafana }, this)]
      : [];

    this.services = [...exporters, ...alerting, store, ...pages];
    this.registerOutputs({});
  }
}
