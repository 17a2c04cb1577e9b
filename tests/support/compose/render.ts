import type { ComposeApplication, ComposeContent, ComposeFile } from "../../../compose/model/application";
import type { ComposeMount } from "../../../compose/model/mount";
import type { ComposeFileUse, ComposeService, ComposeUpdatePolicy } from "../../../compose/model/service";
import { isSecret, type Text } from "../../../compose/model/text";
import type { Json, JsonObject, Recorded } from "./recording-api";

/** Requests to Docker's API according to the model: the other side of the differential test. */
export function render(application: ComposeApplication): Recorded {
  const own = (files: readonly ComposeFile[]) =>
    new Map(
      files.flatMap((file): [string, JsonObject][] => (file.kind === "own" ? [[file.name, renderFile(file)]] : [])),
    );
  return {
    services: new Map(application.services.map((service) => [service.name, renderService(service)])),
    networks: new Map(
      application.networks.flatMap((network): [string, JsonObject][] => {
        if (network.kind === "external") return [];
        const { name, driver, driverOpts, internal, attachable, labels, ipam } = network;
        const config = ipam?.subnets.map((subnet) => ({ Subnet: subnet })) ?? [];
        return [
          [
            name,
            {
              Name: name,
              Driver: driver,
              Options: driverOpts,
              Internal: internal,
              Attachable: attachable,
              Labels: labels,
              IPAM: ipam === undefined ? null : { Driver: ipam.driver ?? "", Config: config },
            },
          ],
        ];
      }),
    ),
    configs: own(application.configs),
    secrets: own(application.secrets),
  };
}

function renderFile(file: ComposeFile & { readonly kind: "own" }): JsonObject {
  const { name, labels, content, templateDriver } = file;
  return {
    Name: name,
    Labels: labels,
    Data: dataOf(content),
    Driver: content.from === "driver" ? { Name: content.driver, Options: content.options } : null,
    Templating: templateDriver === undefined ? null : { Name: templateDriver },
  };
}

function dataOf(content: ComposeContent): string {
  if (content.from === "file") return content.base64;
  return content.from === "text" ? Buffer.from(plain(content.text)).toString("base64") : "";
}

/** Secret variables cannot be compared; the tests have none. */
function plain(text: Text): string {
  if (isSecret(text)) throw new Error("a secret variable in a differential test");
  return text;
}

function plains(record: Readonly<Record<string, Text>>): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, plain(value)]));
}

const nanoseconds = (seconds: number | undefined) => (seconds === undefined ? null : Math.round(seconds * 1e9));

function renderService(service: ComposeService): JsonObject {
  const { placement, resources, healthCheck, logging, restartPolicy, mode } = service;
  const { limits, reservations } = resources;
  const count = mode.kind === "replicated" || mode.kind === "replicated-job" ? (mode.replicas ?? null) : null;
  return {
    Name: service.name,
    Labels: plains(service.serviceLabels),
    TaskTemplate: {
      ContainerSpec: renderContainer(service, healthCheck),
      Resources: {
        Limits: { NanoCPUs: nano(limits.cpus), MemoryBytes: limits.memoryBytes ?? 0, Pids: limits.pids ?? 0 },
        Reservations: {
          NanoCPUs: nano(reservations.cpus),
          MemoryBytes: reservations.memoryBytes ?? 0,
          GenericResources: reservations.generic.map(({ kind, value }) => ({
            DiscreteResourceSpec: { Kind: kind, Value: value },
          })),
        },
      },
      RestartPolicy: restartPolicy
        ? {
            Condition: restartPolicy.condition ?? "",
            Delay: nanoseconds(restartPolicy.delaySeconds),
            MaxAttempts: restartPolicy.maxAttempts ?? null,
            Window: nanoseconds(restartPolicy.windowSeconds),
          }
        : null,
      Placement: {
        Constraints: placement.constraints.map(({ constraint }) => constraint),
        Preferences: placement.spread.map((spread) => ({ Spread: { SpreadDescriptor: spread } })),
        MaxReplicas: placement.maxReplicasPerNode ?? 0,
      },
      Networks: service.networks.map(({ name, aliases, driverOpts }) => ({
        Target: name,
        Aliases: aliases,
        DriverOpts: driverOpts,
      })),
      LogDriver: logging ? { Name: logging.driver ?? "", Options: plains(logging.options) } : null,
    },
    Mode: {
      Replicated: mode.kind === "replicated" ? { Replicas: count } : null,
      Global: mode.kind === "global" ? { there: true } : null,
      ReplicatedJob: mode.kind === "replicated-job" ? { MaxConcurrent: count, TotalCompletions: count } : null,
      GlobalJob: mode.kind === "global-job" ? { there: true } : null,
    },
    UpdateConfig: renderUpdate(service.update),
    RollbackConfig: renderUpdate(service.rollback),
    EndpointSpec: {
      Mode: service.endpointMode ?? "",
      Ports: service.ports.map(({ target, published = 0, protocol, mode: publish }) => ({
        Protocol: protocol,
        TargetPort: target,
        PublishedPort: published,
        PublishMode: publish,
      })),
    },
  };
}

function renderContainer(service: ComposeService, health: ComposeService["healthCheck"]): JsonObject {
  const { credentialSpec } = service;
  return {
    Image: service.image,
    Labels: plains(service.labels),
    Command: (service.entrypoint ?? []).map(plain),
    Args: (service.command ?? []).map(plain),
    Hostname: service.hostname ?? "",
    Env: service.environment.map(({ name, value }) => (value === undefined ? name : `${name}=${plain(value)}`)),
    Dir: service.workingDir ?? "",
    User: service.user ?? "",
    StopSignal: service.stopSignal ?? "",
    StopGracePeriod: nanoseconds(service.stopGracePeriodSeconds),
    TTY: service.tty,
    OpenStdin: service.stdinOpen,
    ReadOnly: service.readOnly,
    Init: service.init ?? null,
    Isolation: service.isolation ?? "",
    Sysctls: service.sysctls,
    OomScoreAdj: service.oomScoreAdj,
    CapabilityAdd: service.capabilityAdd,
    CapabilityDrop: service.capabilityDrop,
    Ulimits: service.ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    Hosts: service.hosts.map(({ host, address }) => `${address} ${host}`),
    Groups: service.groups,
    DNSConfig: { Nameservers: service.dns, Search: service.dnsSearch, Options: service.dnsOptions },
    Privileges: credentialSpec ? { CredentialSpec: { [capital(credentialSpec.kind)]: credentialSpec.value } } : null,
    Healthcheck: health
      ? {
          Test: (health.test ?? []).map(plain),
          Interval: nanoseconds(health.intervalSeconds) ?? 0,
          Timeout: nanoseconds(health.timeoutSeconds) ?? 0,
          StartPeriod: nanoseconds(health.startPeriodSeconds) ?? 0,
          StartInterval: nanoseconds(health.startIntervalSeconds) ?? 0,
          Retries: health.retries ?? 0,
        }
      : null,
    Mounts: service.mounts.map(renderMount),
    Configs: service.configs.map((use) => ({ ConfigName: use.name, ConfigID: use.name, File: renderUse(use) })),
    Secrets: service.secrets.map((use) => ({ SecretName: use.name, SecretID: use.name, File: renderUse(use) })),
  };
}

function renderUse({ target, uid, gid, mode }: ComposeFileUse): Json {
  return { Name: target, UID: uid, GID: gid, Mode: mode };
}

function renderMount(mount: ComposeMount): JsonObject {
  const { type, target, readOnly, consistency = "" } = mount;
  const base = { Type: type, Target: target, ReadOnly: readOnly, Consistency: consistency };
  switch (mount.type) {
    case "bind":
      return { ...base, Source: mount.source, BindOptions: { Propagation: mount.propagation ?? "" } };
    case "tmpfs":
      return { ...base, TmpfsOptions: { SizeBytes: mount.sizeBytes ?? 0, Mode: mount.mode ?? 0 } };
    case "volume":
      return {
        ...base,
        Source: mount.source ?? "",
        VolumeOptions: {
          NoCopy: mount.noCopy,
          Subpath: mount.subpath ?? "",
          Labels: mount.labels,
          DriverConfig: mount.driver ? { Name: mount.driver.name ?? "", Options: plains(mount.driver.options) } : null,
        },
      };
    default:
      return { ...base, Source: mount.source };
  }
}

function renderUpdate(policy: ComposeUpdatePolicy | undefined): Json {
  return policy
    ? {
        Parallelism: policy.parallelism,
        Delay: nanoseconds(policy.delaySeconds),
        FailureAction: policy.failureAction ?? "",
        Monitor: nanoseconds(policy.monitorSeconds) ?? 0,
        MaxFailureRatio: policy.maxFailureRatio,
        Order: policy.order ?? "",
      }
    : null;
}

function nano(cpus: number | undefined): number {
  return Math.round((cpus ?? 0) * 1e9);
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
