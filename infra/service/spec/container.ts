import type { ContainerSpecArgs } from "./built-plugin";
import { duration } from "./units";
import { capabilityLists, type Capabilities } from "./capabilities";
import { healthcheckOf, type HealthCheck } from "./health";
import { mountOf, type Mount } from "./mounts";
import { dnsConfig, hostLine, type Dns, type Host } from "./names";
import { configArgs, secretArgs, type ConfigFile, type SecretFile } from "./references";
import { filled, filledMap, labelList, sorted, type Text, type Texts } from "./text";
import { ulimitList, type Ulimit } from "./ulimits";

/** SELinux's label of a container, or none. */
export type SeLinux =
  { readonly disable: true } | Readonly<Partial<Record<"user" | "role" | "type" | "level", string>>>;

/** The container of a task. Defaults are Docker's; swarmkit expands `{{.Node.Hostname}}` and the like where it says so. */
export interface Container {
  readonly image: Text;
  /** In place of the image's entrypoint. Docker then leaves out the image's command too. Default: the image's. */
  readonly entrypoint?: readonly Text[];
  /** Arguments for the entrypoint, in place of the image's command. Default: the image's. */
  readonly args?: readonly Text[];
  /**
   * Environment variables. The plugin that `./farm setup` builds sends them sorted. The official one sends several in random
   * order, and Swarm takes another order for another task: there every update of the service restarts its tasks. Templates are
   * expanded in values.
   */
  readonly env?: Texts;
  /** Labels of the container. Another one replaces the service; those of the service do not. */
  readonly containerLabels?: Texts;
  /** Templates are expanded. Default: the container's id. */
  readonly hostname?: Text;
  /** `user`, `user:group`, or their numbers. Default: the image's. */
  readonly user?: Text;
  /** More groups by name or number. Default: none. */
  readonly groups?: readonly Text[];
  /** Default: the image's. */
  readonly workingDir?: Text;
  readonly capabilities?: Capabilities;
  /** Whether Docker's init is the container's first process. Default: false, whatever the daemon's own default is. */
  readonly init?: boolean;
  /** Kernel parameters of the container's namespaces. Another one, or one less, replaces the service. Default: none. */
  readonly sysctls?: Texts;
  /** Another line replaces the service. Default: none. */
  readonly hosts?: readonly Host[];
  readonly dns?: Dns;
  /** Whether the image's files cannot be written. Default: false. */
  readonly readOnly?: boolean;
  readonly mounts?: readonly Mount[];
  readonly configs?: readonly ConfigFile[];
  readonly secrets?: readonly SecretFile[];
  /** When a task can serve. Default: what the image's HEALTHCHECK says; without one, a task that runs counts as healthy. */
  readonly health?: HealthCheck;
  /** E.g. `SIGQUIT`. Default: the image's, else `SIGTERM`. */
  readonly stopSignal?: string;
  /** From the stop signal to the kill. Default: 10 s. */
  readonly stopGraceSeconds?: number;
  readonly seLinux?: SeLinux;
  /** Whether it has a terminal. Only the plugin that `./farm setup` builds can set it. Default: false. */
  readonly tty?: boolean;
  /** Whether its standard input is open; nobody writes to it. Only the plugin that `./farm setup` builds can set it. Default: false. */
  readonly stdinOpen?: boolean;
  /** By the limit's name, e.g. `{ nofile: 65536 }`. Only the plugin that `./farm setup` builds can set them. Default: the daemon's. */
  readonly ulimits?: Readonly<Record<string, Ulimit>>;
  /** Only Windows knows another one than `default`. */
  readonly isolation?: "default" | "process" | "hyperv";
}

/** The container as the provider takes it, without what the provider computes where it is left out. */
export function containerSpec(of: Container): ContainerSpecArgs {
  const { capabilities, containerLabels = {}, hosts, mounts, configs, secrets, health, stopGraceSeconds = 10 } = of;
  return {
    image: of.image,
    readOnly: of.readOnly ?? false,
    stopGracePeriod: duration(stopGraceSeconds),
    healthcheck: health && healthcheckOf(health),
    env: filledMap(of.env),
    commands: filled(of.entrypoint),
    args: filled(of.args),
    user: of.user,
    groups: filled(of.groups),
    mounts: filled(mounts?.map(mountOf)),
    configs: filled(configs?.map(configArgs)),
    secrets: filled(secrets?.map(secretArgs)),
    labels: filled(labelList(containerLabels)),
    hostname: of.hostname,
    dir: of.workingDir,
    ...(capabilities && capabilityLists(capabilities)),
    init: of.init,
    sysctl: filledMap(of.sysctls),
    hosts: filled(hosts?.map(hostLine)),
    dnsConfig: of.dns && dnsConfig(of.dns),
    stopSignal: of.stopSignal,
    privileges: of.seLinux && { seLinuxContext: "disable" in of.seLinux ? { disable: true } : sorted(of.seLinux) },
    isolation: of.isolation,
    tty: of.tty ? true : undefined,
    stdinOpen: of.stdinOpen ? true : undefined,
    ulimits: filled(of.ulimits && ulimitList(of.ulimits)),
  };
}
