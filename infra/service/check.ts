import type { Problem } from "../config/problem";
import { ProgramError } from "../config/program-error";
import { containerProblems } from "./check-container";
import { must, whole, type Rule } from "./check-rules";
import { autoscaleLabel, loginLabel } from "./docker-spec";
import { madeByLabel } from "./made-by";
import { isJobLabel } from "./spec/job";
import { scheduleProblem } from "./schedule";
import type { Placement } from "./spec/placement";
import type { Endpoint, Port } from "./spec/ports";
import type { Limits } from "./spec/resources";
import type { ServiceSpec } from "./spec/service-spec";
import type { Rollout } from "./spec/updates";

/** Settings that Docker or the provider would refuse or lose, all at once; a value that only another resource knows is not checked. */
export class ServiceError extends ProgramError {
  constructor(
    readonly service: string,
    readonly problems: readonly Problem[],
  ) {
    super(problems.map(({ path, message }) => `service '${service}': ${path} ${message}`).join("\n"));
    this.name = "ServiceError";
  }
}

const constraint = /^(node\.(id|hostname|ip|role|platform\.(os|arch)|labels\.\S+)|engine\.labels\.\S+) (==|!=) \S.*$/;

/** Labels that the farm sets itself. */
const ownLabels: readonly string[] = [autoscaleLabel, loginLabel, madeByLabel];

/** Problems of a service, by the path in its spec. */
export function serviceProblems(name: string, spec: ServiceSpec): Problem[] {
  return [
    ...must("service", name, {
      // swarmkit's limits of a name.
      holds: /^[a-zA-Z0-9]([-_]*[A-Za-z0-9])*$/.test(name) && name.length <= 63,
      allowed: "letters, digits, - and _, a letter or digit at both ends, at most 63 of them",
    }),
    ...containerProblems(spec),
    ...portProblems(spec),
    ...modeProblems(spec),
    ...jobProblems(spec),
    ...placementProblems(spec.placement ?? {}),
    ...amountProblems("limits", spec.limits ?? {}),
    ...whole("limits.pids", spec.limits?.pids, 1),
    ...amountProblems("reservations", spec.reservations ?? {}),
    ...rolloutProblems("update", spec.update ?? {}),
    ...rolloutProblems("rollback", spec.rollback ?? {}),
    ...whole("restart.maxAttempts", spec.restart?.maxAttempts),
    ...seconds("restart.delaySeconds", spec.restart?.delaySeconds),
    ...seconds("restart.windowSeconds", spec.restart?.windowSeconds),
    ...Object.keys(spec.labels ?? {}).flatMap((label) =>
      must("labels", label, {
        holds: label !== "" && !ownLabels.includes(label),
        allowed: "a name that is not the farm's",
      }),
    ),
  ];
}

function portProblems({ endpointMode, ports = [] }: Endpoint): Problem[] {
  const published = ports.flatMap(publishedPorts);
  return [
    ...ports.flatMap(({ target, published: first, count = 1, mode }: Port, at) => [
      ...port(`ports[${String(at)}].target`, target, count),
      ...(first === undefined ? [] : port(`ports[${String(at)}].published`, first, count)),
      ...whole(`ports[${String(at)}].count`, count, 1),
      ...must(`ports[${String(at)}].mode`, mode ?? "ingress", {
        holds: endpointMode !== "dnsrr" || mode === "host",
        allowed: "'host' where the endpoint mode is 'dnsrr': the routing mesh needs 'vip'",
      }),
    ]),
    ...published
      .filter((each, at) => published.indexOf(each) !== at)
      .flatMap((each) => must("ports", each, { holds: false, allowed: "each port and protocol once" })),
  ];
}

function publishedPorts({ published, protocol = "tcp", count = 1 }: Port): string[] {
  if (published === undefined || !(count > 0 && count < 65_536)) return [];
  return Array.from({ length: count }, (_, at) => `${String(published + at)}/${protocol}`);
}

function port(path: string, first: number, count: number): Problem[] {
  const rule: Rule = {
    holds: Number.isInteger(first) && first >= 1 && first + count - 1 <= 65_535,
    allowed: count > 1 ? `such that ${String(count)} ports in a row are from 1 to 65535` : "a port from 1 to 65535",
  };
  return must(path, first, rule);
}

function modeProblems({ mode = { replicas: 1 }, autoscale, placement }: ServiceSpec): Problem[] {
  if (mode !== "global") return whole("mode.replicas", mode.replicas);
  const allowed = "left out where the mode is 'global': one task on every node is not counted";
  return [
    ...(autoscale ? must("autoscale", "a policy", { holds: false, allowed }) : []),
    ...must("placement.maxReplicasPerNode", placement?.maxReplicasPerNode ?? 0, {
      holds: (placement?.maxReplicasPerNode ?? 0) === 0,
      allowed,
    }),
  ];
}

function jobProblems({ job, labels = {}, restart }: ServiceSpec): Problem[] {
  if (job === undefined) return [];
  const problem = scheduleProblem(job.schedule);
  return [
    ...(problem === undefined ? [] : [{ path: "job.schedule", message: `is wrong: ${problem}` }]),
    ...whole("job.tasks", job.tasks, 1),
    ...whole("job.timeLimitSeconds", job.timeLimitSeconds, 1),
    ...must("restart.maxAttempts", restart?.condition === "on-failure" ? restart.maxAttempts : 1, {
      holds: restart?.condition !== "on-failure" || restart.maxAttempts > 0,
      allowed: "at least 1: a job that fails is not started again and again",
    }),
    ...Object.keys(labels).flatMap((label) =>
      must("labels", label, { holds: !isJobLabel(label), allowed: "a name that is not a job's; 'job' sets those" }),
    ),
  ];
}

function placementProblems({ constraints = [], maxReplicasPerNode }: Placement): Problem[] {
  return [
    ...constraints.flatMap((text, at) =>
      must(`placement.constraints[${String(at)}]`, text, {
        holds: constraint.test(text),
        allowed: "an attribute of a node, == or !=, and a value, e.g. 'node.labels.disk == ssd'",
      }),
    ),
    ...whole("placement.maxReplicasPerNode", maxReplicasPerNode),
  ];
}

/** swarmkit's least. */
function amountProblems(path: string, { cpus, memoryMiB }: Limits): Problem[] {
  return [
    ...(cpus === undefined ? [] : must(`${path}.cpus`, cpus, { holds: cpus >= 0.001, allowed: "at least 0.001" })),
    ...(memoryMiB === undefined
      ? []
      : must(`${path}.memoryMiB`, memoryMiB, { holds: memoryMiB >= 4, allowed: "at least 4" })),
  ];
}

function rolloutProblems(
  path: string,
  { parallelism, delaySeconds, monitorSeconds, maxFailureRatio }: Rollout,
): Problem[] {
  const ratio = maxFailureRatio ?? 0;
  return [
    ...whole(`${path}.parallelism`, parallelism),
    ...seconds(`${path}.delaySeconds`, delaySeconds),
    ...seconds(`${path}.monitorSeconds`, monitorSeconds),
    ...must(`${path}.maxFailureRatio`, ratio, {
      holds: ratio >= 0 && ratio <= 1 && Number(ratio.toFixed(1)) === ratio,
      allowed: "from 0 to 1 with one decimal: the provider reads no more",
    }),
  ];
}

function seconds(path: string, value: number | undefined): Problem[] {
  return value === undefined ? [] : must(path, value, { holds: value >= 0, allowed: "at least 0" });
}
