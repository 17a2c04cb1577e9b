import type { ComposeApplication, ComposeService, Finding, Position } from "../../compose";
import { serviceProblems } from "../service/check";
import { capabilityOf } from "./spec/container";
import type { Given } from "./spec/given";
import { propagationOf } from "./spec/mounts";
import { isLabel } from "./spec/placement";
import { oneShotsOf } from "./spec/policies";
import { serviceSpec } from "./spec/service-spec";

/** Stands for what only a deployment knows. */
const unknown = { id: "unknown", name: "unknown" } as const;

const nothingGiven: Given = {
  image: "unknown",
  text: (text) => (typeof text === "string" ? text : "unknown"),
  network: () => unknown.id,
  config: () => unknown,
  secret: () => unknown,
  networks: [],
};

/**
 * What Swarm or Pulumi's Docker provider would refuse or lose of an application, besides what its reader refuses.
 *
 * @param findings of the reader
 */
export function applicationProblems({ services }: ComposeApplication, findings: readonly Finding[]): Finding[] {
  const oneShots = oneShotsOf(services);
  const refusedParts = new Set(
    findings.filter(({ outcome }) => outcome === "refused").map(({ path }) => partOf(path, 3)),
  );
  return services.flatMap((service) => {
    const spec = serviceSpec(service, oneShots.has(service.key), nothingGiven);
    return [
      ...environmentProblems(service),
      ...containerProblems(service),
      ...endpointProblems(service),
      ...spreadProblems(service),
      ...(oneShots.has(service.key) ? oneShotProblems(service) : []),
      ...serviceProblems(service.name, spec)
        // The reader has refused the name, with the place of what it is made of; of a part, it has said it in the file's words.
        .filter(({ path }) => path !== "service" && !refusedParts.has(`services.${service.key}.${keyOf(path)}`))
        .map(({ path, message }) => refused(service, path, message, "correct it")),
    ];
  });
}

/** The first words of a path, e.g. `services.web.ports` of `services.web.ports[0]`. */
function partOf(path: string, words: number): string {
  return path.split(/[.[]/).slice(0, words).join(".");
}

/** The key of the compose file for a part of the spec; those that the reader does not check keep the spec's name. */
function keyOf(path: string): string {
  const part = partOf(path, 1);
  return part === "mounts" ? "volumes" : part;
}

function refused(service: ComposeService, key: string, reason: string, alternative: string, at?: Position): Finding {
  const { file, line } = at ?? service.places.get(key) ?? service.at;
  return { file, line, path: `services.${service.key}.${key}`, outcome: "refused", reason, alternative };
}

function environmentProblems(service: ComposeService): Finding[] {
  return service.environment.flatMap(({ name, value }) =>
    value === undefined
      ? refused(
          service,
          "environment",
          `'${name}' has no value, and Pulumi's Docker provider cannot remove a variable of the image`,
          `set '${name}' under 'variables' of the stack in the configuration, or remove the line`,
        )
      : [],
  );
}

function containerProblems(service: ComposeService): Finding[] {
  const { capabilityAdd, capabilityDrop, mounts } = service;
  const caps = [
    ...capabilityAdd.map((name) => ["cap_add", name] as const),
    ...capabilityDrop.map((name) => ["cap_drop", name] as const),
  ];
  return [
    ...caps.flatMap(([key, name]) =>
      capabilityOf(name)
        ? []
        : refused(service, key, `Linux has no capability '${name}'`, "use a name of capabilities(7)"),
    ),
    ...mounts.flatMap((mount) =>
      mount.type !== "bind" || mount.propagation === undefined || propagationOf(mount.propagation)
        ? []
        : refused(
            service,
            "volumes",
            `'${mount.propagation}' is no propagation`,
            "use 'rprivate', 'rshared' or 'rslave'",
            mount.at,
          ),
    ),
  ];
}

function endpointProblems(service: ComposeService): Finding[] {
  if (service.endpointMode !== "dnsrr") return [];
  return service.ports
    .filter(({ mode }) => mode !== "host")
    .map(({ at }) =>
      refused(
        service,
        "ports",
        "the routing mesh cannot publish ports of a service whose endpoint mode is 'dnsrr'",
        "write 'mode: host' for the port, or 'endpoint_mode: vip'",
        at,
      ),
    );
}

function spreadProblems(service: ComposeService): Finding[] {
  const { spread } = service.placement;
  const key = "deploy.placement.preferences";
  return [
    ...(spread.length > 1
      ? [refused(service, key, "Pulumi's Docker provider loses the order of several preferences", "keep one of them")]
      : []),
    ...spread
      .filter((each) => !isLabel(each))
      .map((each) => refused(service, key, `Swarm cannot spread over '${each}'`, "write e.g. 'node.labels.zone'")),
  ];
}

/** A task that Swarm always starts again has no end, and those on all nodes are not counted. */
function oneShotProblems(service: ComposeService): Finding[] {
  const { mode, restartPolicy } = service;
  const awaited = "another service waits until it has completed";
  if (mode.kind === "global")
    return [refused(service, "deploy.mode", `${awaited}, and one task on each node is not counted`, "use 'replicas'")];
  if (restartPolicy?.condition !== "any") return [];
  const key = service.places.has("deploy.restart_policy") ? "deploy.restart_policy" : "restart";
  return [refused(service, key, `${awaited}, and Swarm always starts its tasks again`, "use 'on-failure' or 'none'")];
}
