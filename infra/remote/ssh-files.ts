import * as pulumi from "@pulumi/pulumi";
import type { NodeAccess } from "./access";
import { managerHost, managerProxy } from "./manager-host";
import type { ManagerShell } from "./manager-shell";
import { scripts } from "./scripts";
import { shellQuote } from "./shell";
import { localCommand } from "./local-command";

/** Texts of the files that `ssh` needs to reach the farm, by name. They have `@DIR@` in place of the folder. */
export type SshFiles = Readonly<Record<string, pulumi.Output<string>>>;

interface SshClientArgs {
  /** The farm's name. */
  readonly farm: string;
  /** The farm's folder on the machine that runs Pulumi. */
  readonly state: string;
  readonly privateKey: pulumi.Output<string>;
  readonly nodes: Readonly<Record<string, NodeAccess>>;
  /** Names of the managers, in the order in which they are tried. */
  readonly managers: readonly string[];
}

/**
 * Files for the `ssh` program, readable for their owner alone: commands, Docker's client and `./farm ssh` use them.
 *
 * Each node has files of its own, so that adding or removing a node changes no other's.
 */
export class SshClient implements ManagerShell {
  /** The configuration file for `ssh -F` on this machine; `reaching` creates it. */
  readonly configFile: string;
  /** The same files as data, from which another machine writes them. Secret. */
  readonly files: SshFiles;
  /** The farm's name. */
  readonly farm: string;
  private readonly managers: readonly string[];
  private readonly common: readonly pulumi.Resource[];
  private readonly perNode: ReadonlyMap<string, pulumi.Resource>;

  constructor(name: string, args: SshClientArgs, opts: pulumi.CustomResourceOptions) {
    this.farm = args.farm;
    this.configFile = `${args.state}/ssh/config`;
    this.managers = args.managers;
    const key: SshFiles = { id_ed25519: args.privateKey };
    const common: SshFiles = {
      config: pulumi.output(clientConfig(args.managers)),
      managers: pulumi.output(args.managers.map((node) => `${node}=${args.nodes[node]?.address ?? ""}\n`).join("")),
      "manager-proxy": pulumi.output(managerProxy("@DIR@/managers")),
    };
    const perNode = new Map(Object.entries(args.nodes).map(([node, access]) => [node, nodeFiles(node, access)]));

    this.files = Object.assign({}, key, common, ...perNode.values()) as SshFiles;
    // A resource of its own, so that a preview can show the changes of the other files.
    this.common = [this.write(`${name}-id_ed25519`, key, opts), this.write(`${name}-config`, common, opts)];
    // A node may be called `config`; no node's name has a dot.
    this.perNode = new Map(
      [...perNode].map(([node, files]) => [node, this.write(`${name}-${node}.host`, files, opts)]),
    );
  }

  /** Created when the files for that node and for any manager are written. */
  reaching(node: string): pulumi.Resource[] {
    const nodes = new Set([...this.managers, node]);
    return [...this.common, ...[...nodes].flatMap((each) => this.perNode.get(each) ?? [])];
  }

  /**
   * Shell text that runs `ssh` with these files. It names no folder of one machine, so it works on each.
   *
   * It shares no connection: a shared one outlives the command that opened it, and a program that
   * reads that command's output waits for its end.
   */
  call(host: string): string {
    return ["ssh", "-F", `${shellFolder(this.farm)}/config`, ...ownConnection, shellQuote(host)].join(" ");
  }

  onManager(except?: string): string {
    return this.call(managerHost({ except }));
  }

  private write(name: string, files: SshFiles, opts: pulumi.CustomResourceOptions): pulumi.Resource {
    const values = { FARM: this.farm, FILES: Object.keys(files).join(" ") };
    return localCommand(
      name,
      {
        create: scripts("write-ssh-files.sh", values),
        delete: scripts("remove-ssh-files.sh", values),
        stdin: pulumi.jsonStringify(files),
      },
      opts,
    );
  }
}

/** `ssh` options for a connection that no other command shares or ends. */
export const ownConnection: readonly string[] = ["-o", "ControlMaster=no", "-o", "ControlPath=none"];

/** The folder of the files, in shell syntax; scripts/lib/ssh.sh has the same. */
function shellFolder(farm: string): string {
  return `"\${XDG_STATE_HOME:-$HOME/.local/state}/swarm-farm/${farm}/ssh"`;
}

/**
 * The longest folder for sockets of shared connections, in bytes: a socket's path has at most 107 (sun_path of Linux), of which
 * `/`, an IPv4 address and the suffix of 17 that ssh appends while it makes the socket take 33.
 */
const longestSocketFolder = 74;

/** A shared connection serves many calls with one handshake, and ends soon after the last. */
function clientConfig(managers: readonly string[]): string {
  return [
    "Include @DIR@/*.host",
    // Accepts the host key of each manager, and of no other node.
    `Host ${managerHost()} ${managerHost({ except: "*" })}`,
    `  HostKeyAlias ${managerHost()}`,
    `  UserKnownHostsFile ${managers.map((node) => `@DIR@/${node}.known`).join(" ")}`,
    "  ProxyCommand sh @DIR@/manager-proxy %n",
    // Not shared: the manager of an earlier call may have died.
    "  ControlPath none",
    // The person's shell runs this, whatever it is.
    `Match exec "sh -c 'test \${#0} -gt ${String(longestSocketFolder)}' '@DIR@'"`,
    "  ControlPath none",
    "Host *",
    "  User root",
    "  IdentityFile @DIR@/id_ed25519",
    "  IdentitiesOnly yes",
    "  BatchMode yes",
    "  StrictHostKeyChecking yes",
    "  GlobalKnownHostsFile /dev/null",
    "  ConnectTimeout 30",
    // A node that dies does not close its connections; with this, commands on it fail after a minute.
    "  ServerAliveInterval 15",
    "  ServerAliveCountMax 4",
    "  ControlMaster auto",
    "  ControlPath @DIR@/%h",
    "  ControlPersist 30",
    "  LogLevel ERROR",
    "",
  ].join("\n");
}

function nodeFiles(node: string, { address, hostKey }: NodeAccess): SshFiles {
  return {
    [`${node}.host`]: pulumi.output(
      `Host ${node} ${address}\n  HostName ${address}\n  UserKnownHostsFile @DIR@/${node}.known\n`,
    ),
    [`${node}.known`]: pulumi.interpolate`${address},${managerHost()} ${hostKey}\n`,
  };
}
