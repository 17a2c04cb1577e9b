import type { DeployContext, Published } from "../contract";
import { storeNode } from "../contract/store";
import { alertmanagerConfig } from "./alerts/alertmanager";
import { rulesFile } from "./alerts/rules-file";
import { Monitoring } from "./monitoring";
import type { MonitoringConfig } from "./schema";
import { scrapingConfig } from "./scraping";
import { sharedExporter } from "../contract/exporter";
import { services } from "./services";

/** Prometheus on the networks of its targets, what it scrapes on every node, and Alertmanager if there is a receiver. */
export function deploy(context: DeployContext<MonitoringConfig>): Published {
  const { name, config, plan, plans, swarm, image, edgeNetworks, others } = context;
  const alerting = alertmanagerConfig(config.alerts);
  const hasExporter = plans.scrape.some(({ service }) => service === sharedExporter.service);
  const own = services.exporter;
  const probes = plans.edge?.https !== undefined;
  const images = {
    prometheus: image("prometheus", undefined, `${name}-prometheus-image`),
    exporter: image("exporter", undefined, `${name}-exporter-image`),
    nodes: image("node-exporter"),
  };
  const { services: deployed } = new Monitoring(name, {
    swarm,
    images: {
      ...images,
      ...(alerting ? { alertmanager: image("alertmanager") } : {}),
      ...(probes ? { probes: image("blackbox-exporter") } : {}),
    },
    node: storeNode(config.node, plan),
    sizes: config,
    scraping: scrapingConfig({
      targets: [...plans.scrape, ...(hasExporter ? [] : [{ service: own.name, port: own.port }])],
      outside: config.targets,
      plans,
      scrapeSeconds: config.scrapeSeconds,
      alerting: alerting !== undefined,
    }),
    rules: rulesFile(plans.alerts, config.alerts.docsUrl),
    alerting,
    hasExporter,
    hasNodeMetrics: plans.nodeMetrics,
    edgeNetworks,
    scrapeNetworks: others.scrapeNetworks,
  });
  return { services: deployed };
}
