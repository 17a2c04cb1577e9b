import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { dump } from "js-yaml";
import { readStackFile } from "../../infra/config/stack-file";
import type { Context } from "../context/context";
import { decidedMode, inFarm } from "../hypervisor/enter";
import { anyManager, onNode } from "../nodes/ssh";
import { nodesWithFiles } from "../nodes/ssh-files";
import { versions } from "../show/versions";
import { endOf, programPart, type Part } from "./part";

/** All parts of a bug report; parts without a source fail. */
export function partsOf(context: Context): readonly Part[] {
  return [...machineParts(context), ...pulumiParts(context), ...swarmParts(context), ...logParts(context)];
}

/** Parts about this machine, without secrets. */
export function machineParts(context: Context): readonly Part[] {
  const { folders, environment, repository } = context;
  const disks = [folders.cache, folders.farms].filter((folder) => existsSync(folder));
  return [
    {
      path: "versions.txt",
      seconds: 30,
      async collect() {
        return { text: (await versions(context)).map(([name, version]) => `${name} ${version}\n`).join("") };
      },
    },
    programPart({ repository, environment }, "machine.txt", 30, () => [
      "sh",
      "-c",
      'uname -a; cat /etc/os-release; nproc; free -m; df -h "$@"; ls -l /dev/kvm; virsh --version',
      "sh",
      ...disks,
    ]),
  ];
}

function pulumiParts(context: Context): readonly Part[] {
  const { repository, stack } = context;
  return [
    {
      path: `Pulumi.${stack}.yaml`,
      seconds: 10,
      collect: () => Promise.resolve({ text: dump(readStackFile(repository, stack).raw) }),
    },
    // Pulumi masks known secrets; the mask of the archive finds others.
    programPart(context, "preview.json", 300, () =>
      inFarm(context, ["pulumi", "preview", "--json", "--diff", "--non-interactive", "--stack", stack], repository),
    ),
    programPart(context, "resources.txt", 60, () => ["pulumi", "stack", "--show-urns", "--show-ids", "--stack", stack]),
    programPart(context, "history.txt", 60, () => [
      "pulumi",
      "stack",
      "history",
      "--page-size",
      "10",
      "--stack",
      stack,
    ]),
  ];
}

/** Parts from the nodes, the swarm and libvirt. */
function swarmParts(context: Context): readonly Part[] {
  // All nodes at once, beside a preview: 60 s were too few on a slow machine. Nodes that are off do not take that long.
  const from = (path: string, host: string, command: string) =>
    programPart(context, path, 180, () => onNode(context, host, command));
  const virsh = (path: string, ...args: readonly string[]) =>
    programPart(context, path, 60, () => inFarm(context, ["virsh", "-c", "qemu:///system", ...args]));
  return [
    from("swarm/nodes.txt", anyManager, "docker node ls; docker node ps --no-trunc $(docker node ls -q)"),
    from("swarm/services.txt", anyManager, "docker service ls; docker service ps --no-trunc $(docker service ls -q)"),
    from("swarm/events.txt", anyManager, 'docker events --since 24h --until "$(date +%s)"'),
    ...nodesWithFiles(context).flatMap((node) => [
      from(`nodes/${node}/journal.txt`, node, "journalctl --no-pager --boot --lines 5000"),
      from(`nodes/${node}/docker.txt`, node, "docker info; docker ps --all --no-trunc"),
      from(`nodes/${node}/system.txt`, node, "uptime; free -m; df -h; ip address; systemctl --failed --no-pager"),
    ]),
    virsh("libvirt/domains.txt", "list", "--all"),
    virsh("libvirt/networks.txt", "net-list", "--all"),
    virsh("libvirt/pools.txt", "pool-list", "--all", "--details"),
  ];
}

/** Logs of what begins before a stack is known: the steps of the bootstrap, and unexpected errors. */
const ofNoFarm = /^(node-.*|error)\.log$/;

/** Logs on this machine: consoles of nodes, libvirt, steps. */
function logParts({ folders, stack, ...context }: Context): readonly Part[] {
  const own = decidedMode({ folders, stack }) === "isolated" ? join(folders.state, "libvirt") : "/";
  const libvirt = join(own, "var", "log", "libvirt");
  return [
    ...filesOf(join(libvirt, "qemu"), (name) => name.startsWith(`${stack}.`)).map((file) => filePart("consoles", file)),
    ...filesOf(libvirt, (name) => name.endsWith(".log")).map((file) => filePart("libvirt", file)),
    ...filesOf(folders.logs, (name) => name.endsWith(".log")).map((file) => filePart("logs", file)),
    ...filesOf(dirname(folders.logs), (name) => ofNoFarm.test(name)).map((file) => filePart("logs", file)),
    ...(own === "/"
      ? [
          programPart(context, "libvirt/journal.txt", 30, () => [
            "journalctl",
            "--no-pager",
            "--boot",
            "--unit",
            "libvirtd",
            "--lines",
            "2000",
          ]),
        ]
      : []),
  ];
}

function filePart(folder: string, file: string): Part {
  return {
    path: `${folder}/${basename(file)}`,
    seconds: 10,
    collect: () => Promise.resolve({ text: endOf(readFileSync(file, "utf8")) }),
  };
}

function filesOf(folder: string, isWanted: (name: string) => boolean): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(isWanted)
    .sort()
    .map((name) => join(folder, name));
}
