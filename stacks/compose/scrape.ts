import { formatPosition, hostNetwork, isSecret, type ComposeService } from "../../compose";
import type { Problem } from "../../infra/config/problem";
import type { ScrapeTarget } from "../contract/entries";

/** Labels that ask for a service to be scraped: the usual ones, in `deploy.labels` or `labels`. */
const label = { scrape: "prometheus.io/scrape", port: "prometheus.io/port", path: "prometheus.io/path" } as const;

/** The result of a service's labels: a target, a problem, or neither. */
interface Scraped {
  readonly target?: ScrapeTarget;
  readonly problem?: Problem;
}

/**
 * Reads the labels `prometheus.io/scrape`, `/port` and `/path` of a service.
 *
 * @param stack the stack's name, for messages
 */
export function scrapedBy(stack: string, service: ComposeService): Scraped {
  const labels = { ...service.labels, ...service.serviceLabels };
  const value = (of: keyof typeof label) => {
    const text = labels[label[of]] ?? "";
    return isSecret(text) ? "(secret)" : text;
  };
  const scrape = value("scrape");
  if (scrape === "" || scrape === "false") return {};
  const refused = (of: keyof typeof label, message: string): Scraped => ({
    problem: {
      path: `stacks.${stack}`,
      message: `${positionOf(service)}: services.${service.key}: its label ${label[of]} is '${value(of)}'; ${message}`,
    },
  });
  if (scrape !== "true") return refused("scrape", "write 'true', or remove it");
  const host = service.networks.find(({ name }) => name === hostNetwork);
  if (host !== undefined)
    return refused(
      "scrape",
      `the service is on the node's network (${formatPosition(host.at)}), where Prometheus is not: remove the one or the other`,
    );
  const port = Number(value("port"));
  if (!/^\d{1,5}$/.test(value("port")) || port < 1 || port > 65_535)
    return refused("port", "write the port of its metrics in the container, from 1 to 65535, e.g. '9100'");
  const path = value("path");
  if (path !== "" && !/^\/[\w./-]*$/.test(path))
    return refused("path", "write a path of letters, digits and . _ - / that begins with /, e.g. '/metrics'");
  return { target: { service: service.name, port, ...(path === "" ? {} : { path }) } };
}

function positionOf({ at, positions }: ComposeService): string {
  return formatPosition(positions.get("deploy.labels") ?? positions.get("labels") ?? at);
}
