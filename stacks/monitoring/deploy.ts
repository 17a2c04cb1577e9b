import { Password } from "../../infra/keys/password";
import type { DeployContext, Published } from "../contract";
import { storeNode } from "../contract/store";
import { routeUrl } from "../contract/urls";
import { alertmanagerConfig } from "./alerts/alertmanager";
import { rulesFile } from "./alerts/rules-file";
import { dashboards } from "./grafana/dashboards/index";
import { measuredBy } from "./grafana/dashboards/measured";
import type { GrafanaSpec } from "./grafana/grafana";
import { provisioning } from "./grafana/provisioning";
import { grafanaRoute, grafanaUser } from "./grafana/settings";
import { Monitoring } from "./monitoring";
import type { MonitoringConfig } from "./schema";
import { scrapingConfig } from "./scraping";
import { sharedExporter } from "../contract/exporter";
import { services } from "./services";

type Context = DeployContext<MonitoringConfig, undefined, "grafana">;

/** Prometheus on the networks of its targets, what it scrapes on every node, and Alertmanager if there is a receiver. */
export function deploy(context: Context): Published {
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
  const grafana = grafanaOf(context);
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
    grafana,
    hasExporter,
    hasNodeMetrics: plans.nodeMetrics,
    edgeNetworks,
    scrapeNetworks: others.scrapeNetworks,
  });
  return { services: deployed, ...(grafana ? { logins: { [grafanaUser]: grafana.password.value } } : {}) };
}

/** Grafana, if the configuration has an image of it. */
function grafanaOf(context: Context): GrafanaSpec | undefined {
  const { name, plan, plans, rotations } = context;
  const { grafana, node, scrapeSeconds } = context.config;
  if (!grafana) return undefined;
  const { routes, edge } = plans;
  const url = `http://${services.prometheus.name}:${String(services.prometheus.port)}`;
  return {
    image: context.image("grafana", grafana.image, `${name}-grafana-image`),
    node: storeNode(grafana.node ?? node, plan),
    memoryMiB: grafana.memoryMiB,
    url: routeUrl(context, { ...grafanaRoute, ...(edge?.routes ?? routes)[grafanaRoute.name] }, edge?.httpsPort ?? 443),
    password: new Password(`${name}-grafana-login`, { username: grafanaUser, rotation: rotations.grafana }),
    files: provisioning(dashboards(measuredBy(plans, scrapeSeconds)), { url, scrapeSeconds }),
  };
}
