import { build } from "./build";
import type { ServicePart } from "./part";
import type { Position } from "../model/position";
import type { Text } from "../model/text";
import type { Cursor } from "../yaml/cursor";
import { defined, deploy, textAt } from "./deploy";
import { healthCheck } from "./health";
import { fileUses, sharedMemory, tmpfs, volumes } from "./mounts";
import { extraHosts, networkMode, networkUses } from "./network-uses";
import { ports } from "./ports";
import { command, cpus, duration, mapping, plainMapping, plains, size } from "./values";

/** Context for decoding a service. */
export interface Given {
  /** The service's variables, with those that its `env_file`s set. */
  readonly environment: ServicePart["environment"];
  /** The configuration's variable for a name without a value. */
  readonly variable: (name: string, at: Position) => Text | undefined;
}

/** Keys of one file for a service. */
export function decodeService(key: string, cursor: Cursor, { environment, variable }: Given): ServicePart {
  const get = (name: string) => cursor.get(name);
  const logging = get("logging");
  return {
    key,
    at: cursor.at,
    positions: placesOf(cursor),
    image: get("image")?.plain(),
    build: build(get("build"), variable),
    platform: platform(get("platform")),
    entrypoint: command(get("entrypoint")),
    command: command(get("command")),
    environment,
    labels: mapping(get("labels")),
    hostname: get("hostname")?.plain(),
    user: get("user")?.plain(),
    workingDir: get("working_dir")?.plain(),
    capAdd: plains(get("cap_add")) ?? [],
    capDrop: plains(get("cap_drop")) ?? [],
    init: get("init")?.boolean(),
    sysctls: plainMapping(get("sysctls")),
    hosts: extraHosts(get("extra_hosts")),
    dns: plains(get("dns")) ?? [],
    dnsSearch: plains(get("dns_search")) ?? [],
    dnsOptions: plains(get("dns_opt")) ?? [],
    groups: plains(get("group_add")) ?? [],
    stopSignal: get("stop_signal")?.plain(),
    stopGracePeriodSeconds: duration(get("stop_grace_period")),
    readOnly: get("read_only")?.boolean(),
    tty: get("tty")?.boolean(),
    stdinOpen: get("stdin_open")?.boolean(),
    ulimits: ulimits(get("ulimits")),
    oomScoreAdj: get("oom_score_adj")?.number(),
    isolation: get("isolation")?.plain(),
    credentialSpec: plainMapping(get("credential_spec")),
    healthCheck: healthCheck(get("healthcheck")),
    logging: logging && { driver: logging.get("driver")?.plain(), options: mapping(logging.get("options")) },
    restart: get("restart")?.plain(),
    ports: ports(get("ports")),
    networks: new Map([...networkUses(get("networks")), ...networkMode(get("network_mode"))]),
    volumes: volumes(get("volumes")),
    tmpfs: [...tmpfs(get("tmpfs")), ...sharedMemory(get("shm_size"))],
    configs: fileUses(get("configs")),
    secrets: fileUses(get("secrets")),
    dependsOn: dependencies(get("depends_on")),
    links: (get("links")?.items() ?? []).flatMap(textAt),
    externalLinks: (get("external_links")?.items() ?? []).flatMap(textAt),
    volumesFrom: (get("volumes_from")?.items() ?? []).flatMap(textAt),
    profiles: plains(get("profiles")) ?? [],
    extends: extension(get("extends")),
    deploy: withTopLevel(deploy(get("deploy")), cursor),
  };
}

/** An empty one, e.g. of a variable, is none, as with Docker Compose. */
function platform(cursor: Cursor | undefined): string | undefined {
  const name = cursor?.plain();
  return name === "" ? undefined : name;
}

/** Each key by its path, e.g. `deploy.replicas`. */
function placesOf(cursor: Cursor): ReadonlyMap<string, Position> {
  return new Map([...keyPlaces(cursor), ...variablePlaces(cursor.get("environment"))]);
}

/** Parts whose keys have a line of their own. */
const parts = new Set([
  "deploy",
  "deploy.resources",
  "deploy.resources.limits",
  "deploy.resources.reservations",
  "healthcheck",
]);

function keyPlaces(cursor: Cursor, prefix = ""): (readonly [string, Position])[] {
  return (cursor.isMap ? cursor.entries() : []).flatMap(([name, value]) => {
    const path = prefix + name;
    return [[path, value.at] as const, ...(parts.has(path) ? keyPlaces(value, `${path}.`) : [])];
  });
}

/** Variables, each by its own line: `environment.NAME`. */
function variablePlaces(cursor: Cursor | undefined): (readonly [string, Position])[] {
  if (cursor?.isList !== true)
    return (cursor?.isMap ? cursor.entries() : []).map(([name, { at }]) => [`environment.${name}`, at]);
  return cursor.items().flatMap(({ node, at }) => {
    const text = node.kind === "scalar" && node.type === "string" ? node.value : "";
    return text === "" ? [] : [[`environment.${text.replace(/=.*$/s, "")}`, at] as const];
  });
}

/** Plain Compose has limits and the number of replicas beside `deploy`; those of `deploy` win. */
function withTopLevel(part: ServicePart["deploy"], cursor: Cursor): ServicePart["deploy"] {
  const memory = size(cursor.get("mem_limit"));
  const reserved = size(cursor.get("mem_reservation"));
  const limited = cpus(cursor.get("cpus")) ?? quota(cursor);
  return {
    ...part,
    replicas: part.replicas ?? cursor.get("scale")?.count(),
    limits: {
      cpus: part.limits.cpus ?? limited,
      memoryBytes: part.limits.memoryBytes ?? memory,
      pids: part.limits.pids ?? cursor.get("pids_limit")?.number(),
    },
    reservations: { ...part.reservations, memoryBytes: part.reservations.memoryBytes ?? reserved },
  };
}

/** CPUs of `cpu_quota`, microseconds in each `cpu_period`; none or 0 is no limit. */
function quota(cursor: Cursor): number | undefined {
  const most = cursor.get("cpu_quota")?.number() ?? 0;
  const given = cursor.get("cpu_period")?.count() ?? 0;
  const period = given > 0 ? given : 100_000;
  // Docker counts billionths.
  return most > 0 ? Math.round((most / period) * 1e9) / 1e9 : undefined;
}

function ulimits(cursor: Cursor | undefined): ServicePart["ulimits"] {
  return new Map(
    (cursor?.entries() ?? []).map(([name, value]) => {
      const both = value.isMap ? undefined : (value.number() ?? 0);
      return [name, { soft: both ?? limitIn(value, "soft"), hard: both ?? limitIn(value, "hard") }];
    }),
  );
}

function limitIn(cursor: Cursor, kind: "soft" | "hard"): number {
  const limit = cursor.get(kind);
  if (limit === undefined) cursor.refuse(`'${kind}' is missing`, "write both limits, or one number for both");
  return limit?.number() ?? 0;
}

const conditions = {
  service_started: "started",
  service_healthy: "healthy",
  service_completed_successfully: "completed",
} as const;

function dependencies(cursor: Cursor | undefined): ServicePart["dependsOn"] {
  if (cursor === undefined) return new Map();
  if (cursor.isList)
    return new Map(
      cursor
        .items()
        .flatMap(textAt)
        .map(({ value, at }) => [value, { service: value, condition: "started" as const, required: true, at }]),
    );
  return new Map(
    cursor.entries().map(([service, value]) => {
      const word = value.get("condition")?.oneOf(Object.keys(conditions) as (keyof typeof conditions)[]);
      const required = value.get("required")?.boolean() ?? true;
      return [service, { service, condition: conditions[word ?? "service_started"], required, at: value.at }];
    }),
  );
}

function extension(cursor: Cursor | undefined): ServicePart["extends"] {
  if (cursor === undefined) return undefined;
  const service = cursor.isMap ? cursor.get("service")?.plain() : cursor.plain();
  if (service === undefined) return cursor.refuse("'service' is missing", "name the service that this one extends");
  return { service, at: cursor.at, ...defined({ file: cursor.get("file")?.plain() }) };
}
