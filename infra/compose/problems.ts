import { withoutIndex, type ComposeApplication, type ComposeService, type Finding } from "../../compose";
import { serviceProblems } from "../service/check";
import { refused } from "./finding";
import { fileKeyOf } from "./spec/file-keys";
import { capabilityOf } from "./spec/container";
import type { Given } from "./spec/given";
import { propagationOf } from "./spec/mounts";
import { spreadOf } from "./spec/placement";
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
  scheduled: false,
  networks: [],
};

/**
 * Keys of an application that Swarm or Pulumi's Docker provider would refuse or lose, besides those that its reader refuses.
 *
 * @param findings of the reader
 */
export function applicationProblems({ services }: ComposeApplication, findings: readonly Finding[]): Finding[] {
  const oneShots = oneShotsOf(services);
  const refusedPaths = findings.filter(({ outcome }) => outcome === "refused").map(({ path }) => withoutIndex(path));
  return services.flatMap((service) => {
    const spec = serviceSpec(service, oneShots.has(service.key), nothingGiven);
    return [
      ...containerProblems(service),
      ...endpointProblems(service),
      ...spreadProblems(service),
      ...(oneShots.has(service.key) ? oneShotProblems(service) : []),
      ...serviceProblems(service.name, spec)
        // The reader has refused the name, with the place of what it is made of.
        .filter(({ path }) => path !== "service")
        .map(({ path, message }) => refused(service, fileKeyOf(path), message, "correct it"))
        // Of a part that the reader refuses, it has said more.
        .filter(({ path }) => !refusedPaths.some((each) => isWithin(each, path) || isWithin(path, each))),
    ];
  });
}

function isWithin(path: string, outer: string): boolean {
  const whole = withoutIndex(outer);
  return path === whole || withoutIndex(path).startsWith(`${whole}.`);
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
  if (service.placement.spread.filter((each) => spreadOf(each)).length < 2) return [];
  const reason = "Pulumi's Docker provider loses the order of several preferences";
  return [refused(service, "deploy.placement.preferences", reason, "keep one of them")];
}

/** A task that Swarm always starts again has no end, and those on all nodes are not counted. */
function oneShotProblems(service: ComposeService): Finding[] {
  const { mode, restartPolicy } = service;
  const awaited = "another service waits until it has completed";
  if (mode.kind === "global")
    return [refused(service, "deploy.mode", `${awaited}, and one task on each node is not counted`, "use 'replicas'")];
  if (restartPolicy?.condition !== "any") return [];
  return [
    refused(
      service,
      "deploy.restart_policy",
      `${awaited}, and Swarm always starts its tasks again`,
      "use 'on-failure' or 'none'",
    ),
  ];
}
