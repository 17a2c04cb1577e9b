import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { NodeAccess } from "./access";
import { managerHost, managerProxy } from "./manager-host";
import type { ManagerShell } from "./manager-shell";
import { scripts } from "./scripts";
import { shellQuote } from "./shell";

/** The files of one folder, by name: all that `ssh` needs to reach the farm. `@DIR@` in them stands for the folder. */
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
 * What the `ssh` program needs, as files that only their owner may read: commands, Docker's client and `./farm ssh` run it.
 *
 * Each node has files of its own, so that adding or removing a node changes no other's.
 */
export class SshClient implements ManagerShell {
  /** The configuration file to give to `ssh -F` on this machine; it is there once `reaching` is. */
  readonly configFile: string;
  /** The same files as data, for another machine to write. Secret. */
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
    // The key has a resource of its own: a preview then shows what changes in the others.
    this.common = [this.write(`${name}-id_ed25519`, key, opts), this.write(`${name}-config`, common, opts)];
    // A node may be called `config`, and none has a dot in its name.
    this.perNode = new Map(
      [...perNode].map(([node, files]) => [node, this.write(`${name}-${node}.host`, files, opts)]),
    );
  }

  /** Created when the files are there to reach that node and any manager. */
  reaching(node: string): pulumi.Resource[] {
    const nodes = new Set([...this.managers, node]);
    return [...this.common, ...[...nodes].flatMap((each) => this.perNode.get(each) ?? [])];
  }

  /**
   * Shell text that runs `ssh` with these files, on whatever machine it runs: no machine's folders are part of it.
   *
   * It shares no connection: a shared one outlives the command that opened it, and whoever reads that command's output
   * waits for its end.
   */
  call(host: string): string {
    return ["ssh", "-F", `${shellFolder(this.farm)}/config`, ...ownConnection, shellQuote(host)].join(" ");
  }

  onManager(except?: string): string {
    return this.call(managerHost({ except }));
  }

  private write(name: string, files: SshFiles, opts: pulumi.CustomResourceOptions): pulumi.Resource {
    const values = { FARM: this.farm, FILES: Object.keys(files).join(" ") };
    return new command.local.Command(
      name,
      {
        create: scripts("write-ssh-files.sh", values),
        delete: scripts("remove-ssh-files.sh", values),
        stdin: pulumi.jsonStringify(files),
        logging: "none",
      },
      opts,
    );
  }
}

/** `ssh` options for a connection that no other command shares or ends. */
export const ownConnection: readonly string[] = ["-o", "ControlMaster=no", "-o", "ControlPath=none"];

/** Where the files lie, as a shell reads it; scripts/lib/ssh.sh has the same. */
function shellFolder(farm: string): string {
  return `"\${XDG_STATE_HOME:-$HOME/.local/state}/swarm-farm/${farm}/ssh"`;
}

/** Shared connections make one handshake serve many calls; they end by themselves soon after the last. */
function clientConfig(managers: readonly string[]): string {
  return [
    "Include @DIR@/*.host",
    // Any manager's key is right, and no other node's.
    `Host ${managerHost()} ${managerHost({ except: "*" })}`,
    `  HostKeyAlias ${managerHost()}`,
    `  UserKnownHostsFile ${managers.map((node) => `@DIR@/${node}.known`).join(" ")}`,
    "  ProxyCommand sh @DIR@/manager-proxy %n",
    // A shared connection would lead to a manager that has died since.
    "  ControlPath none",
    "Host *",
    "  User root",
    "  IdentityFile @DIR@/id_ed25519",
    "  IdentitiesOnly yes",
    "  BatchMode yes",
    "  StrictHostKeyChecking yes",
    "  GlobalKnownHostsFile /dev/null",
    "  ConnectTimeout 30",
    // A node that dies does not close its connections: commands on it fail after a minute.
    "  ServerAliveInterval 15",
    "  ServerAliveCountMax 4",
    "  ControlMaster auto",
    "  ControlPath @DIR@/%C.sock",
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
