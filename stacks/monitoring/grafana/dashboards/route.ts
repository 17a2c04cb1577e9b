import { dashboardOf, height } from "./dashboard";
import { window } from "./expressions";
import type { Measured } from "./measured";
import { graph, number } from "./panels";

/** One route: what its clients get, and how fast. */
export function routeDashboard({ scrapeSeconds, hasProbes }: Measured) {
  return dashboardOf(
    {
      name: "route",
      title: "Route",
      description: "What clients of a route get, and how fast.",
      variable: { name: "route", metric: "swarm_farm_requests_total", label: "route" },
      rows: [
        ...(hasProbes ? [{ height: height.numbers, panels: [answers, status, certificate] }] : []),
        { height: height.graphs, panels: [requests, errors] },
        ...(hasProbes ? [{ height: height.graphs, panels: [available, duration] }] : []),
      ],
    },
    scrapeSeconds,
  );
}

/** A metric of the probes of the chosen route. */
const of = (metric: string) => `probe_${metric}{route="$route"}`;

/** The rate of the chosen route's requests. */
const rate = (matchers = "") => `rate(swarm_farm_requests_total{route="$route"${matchers}}${window})`;

const answers = number(
  {
    title: "Answers",
    description:
      "1 while its page answers, be it with a login; an error of the server is none. Routes of gRPC are not asked.",
    red: { below: 1 },
  },
  { expression: of("success") },
);

const status = number(
  { title: "Status", description: "The status of its page, as a client without a login gets it.", unit: "none" },
  { expression: of("http_status_code") },
);

const certificate = number(
  {
    title: "Certificate",
    description: "The time until its certificate expires.",
    unit: "dtdurations",
    red: { below: 14 * 86_400 },
  },
  { expression: `${of("ssl_earliest_cert_expiry")} - time()` },
);

const requests = graph(
  {
    title: "Requests",
    description: "Requests that are answered, by the kind of status.",
    unit: "reqps",
    stacked: true,
  },
  { expression: `sum by (code) (${rate()})`, legend: "{{code}}" },
);

const errors = graph(
  {
    title: "Server errors",
    description: "The share of requests that end with an error of the server.",
    unit: "percentunit",
    max: 1,
  },
  { expression: `sum(${rate(', code="5xx"')}) / sum(${rate()})`, legend: "errors" },
);

const available = graph(
  {
    title: "Available",
    description: "The share of probes of the last hour that got an answer.",
    unit: "percentunit",
    max: 1,
  },
  { expression: `avg_over_time(${of("success")}[1h])`, legend: "available" },
);

const duration = graph(
  { title: "Time of an answer", description: "How long a probe takes, by its phases.", unit: "s", stacked: true },
  { expression: of("http_duration_seconds"), legend: "{{phase}}" },
);
