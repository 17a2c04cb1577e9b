import { defined } from "../decode/deploy";
import type { Mapping } from "../decode/values";
import type { ServicePart } from "../decode/part";
import type { ComposePlacement, ComposeService, ComposeVariable } from "../model/service";
import type { Text } from "../model/text";
import { type Context, imageLabel, namespaceLabel } from "./context";
import { assembleBuild } from "./build";
import { assembleMounts } from "./mounts";
import { assembleCapabilities, assembleHealth, assembleMode, assembleRestart, assembleUpdate } from "./policies";
import { assembleFiles, assembleNetworks, byName } from "./uses";

/** A service of the model, made of what all files say of it. */
export function assembleService(part: ServicePart, context: Context): ComposeService {
  const { stack } = context;
  const { deploy } = part;
  const { mounts, files } = assembleMounts([...part.volumes, ...part.tmpfs], {
    ...context,
    isBuilt: part.build !== undefined,
  });
  const [kind, value] = [...part.credentialSpec][0] ?? [];
  return {
    key: part.key,
    name: `${stack}_${part.key}`,
    at: part.at,
    positions: part.positions,
    image: part.image ?? "",
    mode: assembleMode(part, context),
    environment: environment(part.environment),
    labels: { ...asRecord(part.labels), [namespaceLabel]: stack },
    serviceLabels: { ...asRecord(deploy.labels), [namespaceLabel]: stack, [imageLabel]: part.image ?? "" },
    ...assembleCapabilities(part.capAdd, part.capDrop),
    sysctls: Object.fromEntries(part.sysctls),
    hosts: part.hosts,
    dns: part.dns,
    dnsSearch: part.dnsSearch,
    dnsOptions: part.dnsOptions,
    groups: part.groups,
    readOnly: part.readOnly ?? false,
    tty: part.tty ?? false,
    stdinOpen: part.stdinOpen ?? false,
    ulimits: [...part.ulimits].map(([name, limit]) => ({ name, ...limit })).sort(byName),
    oomScoreAdj: part.oomScoreAdj ?? 0,
    resources: {
      limits: defined({ ...deploy.limits, generic: undefined }),
      reservations: {
        ...defined({ cpus: deploy.reservations.cpus, memoryBytes: deploy.reservations.memoryBytes }),
        generic: deploy.reservations.generic ?? [],
      },
    },
    placement: placement(part),
    ports: [...part.ports].sort((a, b) => (a.published ?? 0) - (b.published ?? 0)),
    networks: assembleNetworks(part.key, part.at, part.networks, context),
    mounts,
    configs: [...assembleFiles(part.configs, "config", context), ...files].sort(byName),
    secrets: [...assembleFiles(part.secrets, "secret", context)].sort(byName),
    dependsOn: [...part.dependsOn.values()].map(({ service, condition, at }) => ({ service, condition, at })),
    ...defined({
      build: assembleBuild(part, context),
      platform: part.platform,
      entrypoint: part.entrypoint,
      command: part.command,
      hostname: part.hostname,
      user: part.user,
      workingDir: part.workingDir,
      init: part.init,
      stopSignal: part.stopSignal,
      stopGracePeriodSeconds: part.stopGracePeriodSeconds,
      isolation: part.isolation,
      credentialSpec: isCredential(kind) && value !== undefined ? { kind, value } : undefined,
      healthCheck: assembleHealth(part),
      logging: part.logging && { ...defined({ driver: part.logging.driver }), options: asRecord(part.logging.options) },
      restartPolicy: assembleRestart(part, context),
      update: assembleUpdate(deploy.update),
      rollback: assembleUpdate(deploy.rollback),
      endpointMode: deploy.endpointMode,
    }),
  };
}

function isCredential(kind: string | undefined): kind is "config" | "file" | "registry" {
  return kind === "config" || kind === "file" || kind === "registry";
}

function placement({ deploy }: ServicePart): ComposePlacement {
  return {
    constraints: deploy.constraints.map(({ value, at }) => ({ constraint: value, at })),
    spread: deploy.spread.map(({ value }) => value),
    ...defined({ maxReplicasPerNode: deploy.maxReplicasPerNode === 0 ? undefined : deploy.maxReplicasPerNode }),
  };
}

/** Sorted as docker does: by the whole of `NAME=value`. */
function environment(mapping: Mapping): readonly ComposeVariable[] {
  return [...mapping]
    .map(([name, value]) => (value === undefined ? { name } : { name, value }))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey({ name, value }: ComposeVariable): string {
  return value === undefined ? name : `${name}=`;
}

function asRecord(mapping: Mapping): Record<string, Text> {
  return Object.fromEntries([...mapping].map(([name, value]) => [name, value ?? ""]));
}
