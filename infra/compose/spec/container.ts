import type { ComposeService } from "../../../compose";
import { capabilities, type Capability } from "../../service/spec/capabilities";
import type { Container } from "../../service/spec/container";
import type { Texts } from "../../service/spec/text";
import type { Given } from "./given";
import { healthOf } from "./health";
import { mapValues } from "./map-values";
import { mountsOf } from "./mounts";

const isolations = ["default", "process", "hyperv"] as const;

/** The container of a service. */
export function containerOf(service: ComposeService, given: Given): Container {
  const { hosts, dns, dnsSearch, dnsOptions, capabilityAdd, capabilityDrop, isolation, sysctls } = service;
  const { text } = given;
  const texts = (all: ComposeService["labels"]): Texts => mapValues(all, text);
  return {
    image: given.image,
    entrypoint: service.entrypoint?.map(text),
    args: service.command?.map(text),
    // Without a value docker removes a variable of the image, where the provider would set an empty text.
    env: Object.fromEntries(
      service.environment.flatMap(({ name, value }) => (value === undefined ? [] : [[name, text(value)]])),
    ),
    containerLabels: texts(service.labels),
    hostname: service.hostname,
    user: service.user,
    groups: service.groups,
    workingDir: service.workingDir,
    capabilities: { add: capabilitiesIn(capabilityAdd), drop: capabilitiesIn(capabilityDrop) },
    init: service.init ?? false,
    sysctls,
    hosts: hosts.map(({ host, address }) => ({ name: host, address })),
    dns: { nameservers: dns, search: dnsSearch, options: dnsOptions },
    readOnly: service.readOnly,
    mounts: mountsOf(service.mounts, text),
    configs: service.configs.map(({ source, ...file }) => ({ config: given.config(source), ...fileOf(file) })),
    secrets: service.secrets.map(({ source, ...file }) => ({ secret: given.secret(source), ...fileOf(file) })),
    health: healthOf(service.healthCheck, text),
    stopSignal: service.stopSignal,
    stopGraceSeconds: service.stopGracePeriodSeconds,
    isolation: isolations.find((each) => each === isolation),
    tty: service.tty,
    stdinOpen: service.stdinOpen,
    ulimits: Object.fromEntries(service.ulimits.map(({ name, soft, hard }) => [name, { soft, hard }])),
  };
}

/** A capability by its name with `CAP_`; undefined where Linux has none of that name. */
export function capabilityOf(name: string): Capability | undefined {
  const plain = name.replace(/^CAP_/, "");
  return plain === "ALL" ? plain : capabilities.find((each) => each === plain);
}

function capabilitiesIn(names: readonly string[]): Capability[] {
  return names.flatMap((name) => capabilityOf(name) ?? []);
}

function fileOf({ target, uid, gid, mode }: Omit<ComposeService["configs"][number], "source">) {
  return { target, uid: Number(uid), gid: Number(gid), mode };
}
