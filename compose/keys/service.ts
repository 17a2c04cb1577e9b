import { buildKeys } from "./build";
import { mountKeys } from "./mounts";
import { builtPlugin, except, honoured, honouredAnd, honouredMap, improved, refused, unsaid, type Key } from "./key";

const service = "services.*.";

const limits = "use 'deploy.resources'";
const oneNode = "a task can run on any node, where the host's is another one";

function ignored(name: string, reason: string, alternative: string): Key {
  return refused(service + name, "warns and ignores", reason, alternative);
}

function notOfSwarm(name: string, alternative: string): Key {
  return refused(service + name, "refuses", "Swarm's services do not have it", alternative);
}

const improvements: readonly Key[] = [
  ...buildKeys,
  improved(
    `${service}depends_on`,
    "ignores",
    "the services that it names come first; a preview warns of one that the files do not have",
  ),
  improved(`${service}depends_on.*.condition`, "refuses", "'up' waits for it"),
  improved(`${service}depends_on.*.required`, "refuses", "read as Docker Compose does"),
  improved(
    `${service}depends_on.*.restart`,
    "refuses",
    "without effect: an update of the other service leaves the tasks of this one alone",
  ),
  improved(`${service}profiles`, "refuses", "a service is left out unless one of its profiles is on"),
  improved(`${service}extends`, "refuses", "what the other service has and this one has not is taken over"),
  ...["service", "file"].map((key) => improved(`${service}extends.${key}`, "refuses", "names the other service")),
  improved(`${service}platform`, "refuses", "tasks run only on nodes of this platform"),
  improved(`${service}pull_policy`, "refuses", "an image is always pinned to its digest and pulled once a node"),
  improved(`${service}scale`, "refuses", "the number of replicas, where 'deploy.replicas' says none"),
  improved(`${service}tmpfs`, "ignores", "each is a tmpfs mount"),
  improved(`${service}shm_size`, "warns and ignores", "a tmpfs mount at /dev/shm of this size"),
  improved(
    `${service}expose`,
    "warns and ignores",
    "services on one network reach all ports of each other: nothing is needed",
  ),
  improved(
    `${service}container_name`,
    "warns and ignores",
    "Swarm names containers; the service has its key as its name on its networks",
  ),
  improved(
    `${service}links`,
    "warns and ignores",
    "services on one network reach each other by their names; an alias becomes one of the network",
  ),
  improved(
    `${service}external_links`,
    "warns and ignores",
    "as 'links', where it names a service of these files; one of another stack is refused",
  ),
  honouredAnd(
    `${service}restart`,
    "used where 'deploy.restart_policy' is missing; 'no' means none, where docker starts the task again",
  ),
  improved(
    `${service}network_mode`,
    "warns and ignores",
    "'host' is the node's network, Docker's own of that name; 'none', and the network of a service or container, are refused",
  ),
  improved(`${service}pids_limit`, "refuses", "the same as 'deploy.resources.limits.pids'"),
  improved(`${service}mem_limit`, "refuses", "the same as 'deploy.resources.limits.memory'"),
  improved(`${service}mem_reservation`, "refuses", "the same as 'deploy.resources.reservations.memory'"),
  improved(`${service}cpus`, "refuses", "the same as 'deploy.resources.limits.cpus'"),
  improved(`${service}cpu_quota`, "refuses", "divided by 'cpu_period', the same as 'deploy.resources.limits.cpus'"),
  improved(
    `${service}cpu_period`,
    "refuses",
    "by which 'cpu_quota' is divided; 100000 microseconds where it is missing",
  ),
  ...["memswap_limit", "mem_swappiness"].map((key) =>
    improved(service + key, "refuses", "the nodes have no swap: nothing is needed"),
  ),
  improved(`${service}group_add`, "refuses", "groups of the container's user"),
  improved(`${service}dns_opt`, "refuses", "options of the container's /etc/resolv.conf"),
  improved(
    `${service}volumes_from`,
    "refuses",
    "the volumes of the other service are mounted here too; where they are the node's, both need one node",
  ),
  { ...improved(`${service}develop`, "refuses", "only for 'docker compose watch': nothing is needed"), open: true },
  improved(`${service}attach`, "refuses", "only for the terminal of Docker Compose: nothing is needed"),
  ...["path", "required", "format"].map((key) =>
    improved(`${service}env_file[].${key}`, "refuses", "read as Docker Compose does, in docker's dialect"),
  ),
];

const refusals: readonly Key[] = [
  ignored("devices", oneNode, "bind the device's path where the driver allows it, and constrain the tasks to its node"),
  except(
    ignored("privileged", "Swarm has no privileged tasks", "use 'cap_add'"),
    "tasks are never privileged",
    "false",
  ),
  {
    ...ignored("security_opt", "Swarm takes no security options", "leave it out; the nodes' defaults hold"),
    exceptions: [
      {
        values: ["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"],
        reason:
          "it is not set, as with docker: a program with setuid may gain privileges; 'user' and 'cap_drop: [ALL]' limit them",
        isWarning: true,
      },
      {
        values: ["no-new-privileges:false", "no-new-privileges=false"],
        reason: "a program with setuid may gain privileges: it is so",
      },
      {
        values: ["apparmor:unconfined", "apparmor=unconfined", "label:disable", "label=disable"],
        reason: "the nodes have neither AppArmor nor SELinux: it is so",
      },
    ],
  },
  ignored("pid", oneNode, "leave it out"),
  except(ignored("ipc", oneNode, "leave it out"), "each task has its own", "private", "shareable"),
  except(
    ignored("userns_mode", "Swarm has no user namespaces of its own", "use 'user'"),
    "the nodes map no users: it is so",
    "host",
  ),
  ignored("cgroup_parent", "Swarm has no cgroups of its own", limits),
  except(
    ignored("cgroupns_mode", "Swarm has no cgroups of its own", "leave it out"),
    "each task has its own",
    "private",
  ),
  ignored("domainname", "Swarm's tasks have no domain", "write the whole name in 'hostname'"),
  ignored("mac_address", "Swarm gives the addresses", "leave it out"),
  ...["cpu_shares", "cpu_count", "cpu_percent", "cpu_rt_period", "cpu_rt_runtime"].map((key) =>
    notOfSwarm(key, "use 'deploy.resources.limits.cpus'"),
  ),
  ...["oom_kill_disable", "blkio_config"].map((key) => notOfSwarm(key, limits)),
  notOfSwarm("cpuset", "constrain the tasks to a node with 'deploy.placement'"),
  notOfSwarm("volume_driver", "name the driver under 'volumes' of the file"),
  except(
    notOfSwarm("runtime", "leave it out; the nodes run crun"),
    "the nodes run crun, which does the same",
    "runc",
    "crun",
  ),
  notOfSwarm("gpus", "use 'deploy.resources.reservations.generic_resources'"),
  except(notOfSwarm("cgroup", "leave it out"), "each task has its own", "private"),
  notOfSwarm("device_cgroup_rules", "leave it out"),
  notOfSwarm("uts", "leave it out"),
  notOfSwarm("storage_opt", "leave it out"),
  notOfSwarm("annotations", "use 'labels'"),
  notOfSwarm("label_file", "write the labels under 'labels'"),
  notOfSwarm("post_start", "do it in the image's entrypoint"),
  notOfSwarm("pre_stop", "do it where the program gets its stop signal"),
  notOfSwarm("provider", "run what it provides as a service"),
  notOfSwarm("models", "run the model's server as a service"),
  notOfSwarm("use_api_socket", "bind /var/run/docker.sock on a manager"),
  notOfSwarm("interface_name", "leave it out"),
  unsaid(`${service}oom_score_adj`, "reserve memory with 'deploy.resources.reservations'"),
  unsaid(`${service}credential_spec`, "leave it out; it is for Windows"),
  ...["ipv4_address", "ipv6_address"].map((key) =>
    refused(`${service}networks.*.${key}`, "ignores", "Swarm gives the addresses", "reach the service by its name"),
  ),
  ...["link_local_ips", "mac_address", "priority", "gw_priority", "interface_name"].map((key) =>
    refused(`${service}networks.*.${key}`, "refuses", "Swarm attaches tasks by itself", "leave it out"),
  ),
  except(
    refused(
      `${service}ports[].host_ip`,
      "refuses",
      "a port of Swarm listens on every address",
      "leave it out, or let the load balancer route to the service",
    ),
    "a port of Swarm listens on every address",
    "0.0.0.0",
    "::",
  ),
];

/** Keys of services, without those of `deploy`. */
export const serviceKeys: readonly Key[] = [
  ...honoured(
    service,
    "image",
    "command",
    "entrypoint",
    "env_file",
    "ports",
    "networks",
    "volumes",
    "configs",
    "secrets",
  ),
  honouredAnd(`${service}logging`, "lines of Docker's files have their task's name, unless the option 'tag' is there"),
  ...honoured(service, "healthcheck", "logging.driver", "hostname", "user", "working_dir", "stop_signal"),
  ...honoured(
    service,
    "stop_grace_period",
    "read_only",
    "cap_add",
    "cap_drop",
    "dns",
    "dns_search",
    "init",
    "isolation",
  ),
  ...["tty", "stdin_open", "healthcheck.start_interval"].map((key) => honouredAnd(service + key, builtPlugin)),
  honouredAnd(`${service}ulimits`, builtPlugin),
  ...honoured(`${service}ulimits.*.`, "soft", "hard"),
  ...honouredMap(service, "environment", "labels", "logging.options", "extra_hosts", "sysctls"),
  ...honoured(`${service}healthcheck.`, "test", "interval", "timeout", "retries", "start_period", "disable"),
  ...honoured(`${service}ports[].`, "target", "mode", "protocol"),
  honouredAnd(`${service}ports[].published`, "text and ranges are taken too"),
  ...["name", "app_protocol"].map((key) =>
    improved(`${service}ports[].${key}`, "refuses", "a remark: nothing is needed"),
  ),
  ...honoured(`${service}networks.*.`, "aliases"),
  ...honouredMap(`${service}networks.*.`, "driver_opts"),
  ...["configs", "secrets"].flatMap((kind) =>
    honoured(`${service}${kind}[].`, "source", "target", "uid", "gid", "mode"),
  ),
  { path: `${service}x-*`, docker: "honours", outcome: "honoured", open: true },
  ...mountKeys,
  ...improvements,
  ...refusals,
];
