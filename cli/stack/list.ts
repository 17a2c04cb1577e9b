import type { ComposeService } from "../../compose";
import { counted } from "../../infra/config/counted";
import { FarmError } from "../base/errors";
import { table } from "../show/table";
import { candidateOf, entriesOf, type Candidate, type Present } from "./candidate";

const header = ["STACK", "SERVICE", "IMAGE", "TASKS", "PORTS", "ROUTES"];

/**
 * The applications of a configuration, a line for each of their services.
 *
 * @param columns the terminal's. Default: unlimited
 * @throws FarmError with every file that cannot be read
 */
export function listOf(present: Present, columns?: number): readonly string[] {
  const candidates = Object.keys(entriesOf(present.raw)).map((name) =>
    candidateOf({ name, files: [], variables: [], routes: [], profiles: [], folders: [] }, present),
  );
  if (candidates.length === 0) return ["the configuration has no stacks: ./farm stack add NAME FILE adds one"];
  const refused = candidates.flatMap(problemOf);
  if (refused.length > 0) throw new FarmError(refused.join("\n"));
  return table(header, candidates.flatMap(rowsOf), columns);
}

function problemOf({ name, result: { application, findings } }: Candidate): string[] {
  const count = findings.filter(({ outcome }) => outcome === "refused").length;
  if (application !== undefined && count === 0) return [];
  return [`stack '${name}' has ${counted(count, "problem")}: ./farm stack add ${name} --dry-run reports them`];
}

function rowsOf({ name, whole, result }: Candidate): string[][] {
  const services = [...(result.application?.services ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1));
  return services.map((service) => [
    name,
    service.key,
    service.build === undefined ? service.image : `built from ${service.build.context}`,
    tasksOf(service),
    service.ports.map(portOf).join(" "),
    routesTo(service.key, whole.routes).join(" "),
  ]);
}

function tasksOf({ mode }: ComposeService): string {
  return "replicas" in mode || mode.kind === "replicated" ? String(mode.replicas ?? 1) : "global";
}

function portOf({ published, target, protocol, mode }: ComposeService["ports"][number]): string {
  return `${String(published ?? "any")}:${String(target)}/${protocol}${mode === "host" ? " (host)" : ""}`;
}

/** Hosts and paths of the load balancer; the check of the whole configuration refuses routes that are none. */
function routesTo(key: string, routes: Readonly<Record<string, unknown>> = {}): string[] {
  return Object.entries(routes).flatMap(([name, route]) => {
    const { service, host = "", path = `/${name}/` } = route as Readonly<Record<string, unknown>>;
    return service === key ? [`${String(host)}${String(path)}`] : [];
  });
}
