import type { StackPlans } from "../contract";
import type { ScrapeTarget } from "../contract/entries";
import type { RouteSettings } from "../contract/routes";
import { services } from "./services";
import type { TargetsConfig } from "./targets/schema";
import { outsideJobs } from "./targets/scraping";

/**
 * The most that one task may give: above one of these the scrape fails as a whole and an alert fires, so that labels with a new value for
 * each request cannot fill Prometheus' memory. A node exporter has 400 samples, the exporter of a full node 500.
 */
const limits = {
  sample_limit: 10_000,
  label_limit: 40,
  label_name_length_limit: 128,
  label_value_length_limit: 512,
  body_size_limit: "4MB",
  target_limit: 1000,
};

/** The timeout of a scrape: an exporter on a busy emulated node takes up to 8 s. */
const timeoutSeconds = 9;

interface Scraping {
  readonly targets: readonly ScrapeTarget[];
  /** Targets outside of the swarm. */
  readonly outside: TargetsConfig;
  readonly plans: Pick<StackPlans, "edge" | "routes" | "targets">;
  readonly scrapeSeconds: number;
  /** Whether there is an Alertmanager. */
  readonly alerting: boolean;
}

/** Prometheus' configuration; its rules are another file. */
export function scrapingConfig({ targets, outside, plans, scrapeSeconds, alerting }: Scraping) {
  const { alertmanager } = services;
  return {
    global: {
      scrape_interval: `${String(scrapeSeconds)}s`,
      scrape_timeout: `${String(timeoutSeconds)}s`,
      evaluation_interval: `${String(scrapeSeconds)}s`,
    },
    rule_files: [rulesPath],
    ...(alerting
      ? { alerting: { alertmanagers: [{ dns_sd_configs: [tasksOf(alertmanager.name, alertmanager.port)] }] } }
      : {}),
    scrape_configs: [
      ...targets.map(jobOf),
      ...outsideJobs(outside).map((job) => ({ ...job, ...limits })),
      ...probes(plans),
    ],
  };
}

/** Where Prometheus has its rules. */
export const rulesPath = "/etc/prometheus/rules.yml";

/** The addresses of a service's tasks, from Docker's name server. */
function tasksOf(service: string, port: number) {
  return { names: [`tasks.${service}`], type: "A", port, refresh_interval: "15s" };
}

function jobOf({ service, port, path }: ScrapeTarget) {
  return {
    job_name: `${service}:${String(port)}${path ?? ""}`,
    ...(path === undefined ? {} : { metrics_path: path }),
    ...limits,
    dns_sd_configs: [tasksOf(service, port)],
    // A service with two ports is two jobs, and one name in alerts.
    relabel_configs: [{ target_label: "job", replacement: service }],
  };
}

/** A page of each route, as a client asks for it; a login's 401 is an answer, too. gRPC has no pages. */
function probes({ edge, routes, targets }: Scraping["plans"]) {
  const { https } = edge ?? {};
  if (https === undefined) return [];
  const { name, port } = services.probes;
  const known: Readonly<Record<string, RouteSettings>> = edge?.routes ?? routes;
  const all = Object.keys(targets).flatMap((route) => {
    const { path, host, protocol }: RouteSettings = known[route] ?? {};
    if (path === undefined || protocol === "grpc") return [];
    const hostname = host?.replace(/^\*\./, "probe.");
    const url = `https://${https.service}:${String(https.port)}${path}`;
    return [{ targets: [url], labels: { route, ...(hostname === undefined ? {} : { __param_hostname: hostname }) } }];
  });
  if (all.length === 0) return [];
  return [
    {
      job_name: name,
      metrics_path: "/probe",
      params: { module: ["route"] },
      ...limits,
      static_configs: all,
      relabel_configs: [
        { source_labels: ["__address__"], target_label: "__param_target" },
        { source_labels: ["__address__"], target_label: "instance" },
        { target_label: "__address__", replacement: `${name}:${String(port)}` },
      ],
    },
  ];
}

/** The blackbox exporter's module: errors of a server fail, and so does no answer; who signed the certificate does not matter. */
export const probing = {
  modules: {
    route: {
      prober: "http",
      timeout: "8s",
      http: {
        preferred_ip_protocol: "ip4",
        follow_redirects: false,
        fail_if_not_ssl: true,
        tls_config: { insecure_skip_verify: true },
        valid_status_codes: Array.from({ length: 300 }, (_, index) => 200 + index),
      },
    },
  },
};
