import { createRequire } from "node:module";
import { defineStack, recipesIn } from "../contract";
import { storePlacements } from "../contract/store";
import { farmAlerts } from "./alerts/alerts";
import { readCredentials } from "./alerts/credentials";
import { hostAlerts } from "./alerts/hosts";
import { alertProblems } from "./alerts/rules";
import { grafanaPlan } from "./grafana/plan";
import { grafanaProblems } from "./grafana/rules";
import { Monitoring } from "./schema";
import { route, services } from "./services";
import { hasReceivers } from "./sizes";
import { targetProblems } from "./targets/rules";
import { hasHypervisors } from "./targets/scraping";

const load = createRequire(__filename);

/** Prometheus with metrics of nodes, containers, services and routes, alerts, and Grafana for those who have its image. */
export const monitoring = defineStack({
  name: "monitoring",
  schema: Monitoring.optional(),
  images: recipesIn(__dirname, "alertmanager", "blackbox-exporter", "node-exporter"),
  routes: { [route]: { path: "/monitoring/", login: true } },
  rotations: { grafana: "Grafana's password" },
  plan: (config, edge) => {
    const grafana = grafanaPlan(config);
    return {
      ...grafana,
      images: [
        ...["exporter", "node-exporter", "prometheus"],
        ...(hasReceivers(config) ? ["alertmanager"] : []),
        ...(edge?.https ? ["blackbox-exporter"] : []),
      ],
      targets: {
        [route]: { kind: "service", service: services.prometheus.name, port: services.prometheus.port },
        ...grafana.targets,
      },
      scrape: [
        ...[services.prometheus, services.nodes, services.swarm],
        ...(hasReceivers(config) ? [services.alertmanager] : []),
      ].map(({ name, port }) => ({ service: name, port })),
      alerts: [...farmAlerts, ...(hasHypervisors(config.targets) ? hostAlerts : [])],
      prometheus: { service: services.prometheus.name, port: services.prometheus.port },
      placements: [
        ...storePlacements({
          service: services.prometheus.name,
          key: "monitoring.node",
          node: config.node,
          memoryMiB: config.memoryMiB,
        }),
        ...grafana.placements,
      ],
    };
  },
  rules: (config, context) =>
    config
      ? [
          ...alertProblems(config.alerts, context.alerts),
          ...targetProblems(config.targets, [
            ...context.scrape.map(({ service }) => service),
            ...Object.values(services).map(({ name }) => name),
          ]),
          ...context.scrapeProblems,
          ...grafanaProblems(config, context),
        ]
      : [],
  read: (config, _folder, secrets) => readCredentials(config.alerts, secrets),
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});
