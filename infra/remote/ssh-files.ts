import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { NodeAccess } from "./access";
import { anyManager, managerProxy } from "./any-manager";
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
  /** Names of those nodes that manage the swarm, the one that is asked first before the others. */
  readonly managers: readonly string[];
}

/**
 * What the `ssh` program needs, as files that only their owner may read: commands, Docker's client and `./farm ssh` run it.
 *
 * One file per node, so that a node that comes or goes touches no other's.
 */
export class SshClient extends pulumi.ComponentResource {
  /** The configuration file to give to `ssh -F` on this machine; there once everything in it is written. */
  readonly configFile: string;
  /** The same files as data, for another machine to write. Secret. */
  readonly files: SshFiles;
  private readonly folder: string;

  constructor(name: string, args: SshClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:remote:SshClient", name, {}, opts);
    const managers = args.managers.map((node) => `${node}=${args.nodes[node]?.address ?? ""}\n`);
    const hosts = Object.entries(args.nodes).flatMap(([node, access]): [string, pulumi.Output<string>][] => [
      [`${node}.host`, pulumi.output(hostEntry(node, access.address))],
      [`${node}.known`, pulumi.interpolate`${access.address},${anyManager()} ${access.hostKey}\n`],
    ]);

    this.folder = shellFolder(args.farm);
    this.configFile = `${args.state}/ssh/config`;
    this.files = {
      id_ed25519: args.privateKey,
      config: pulumi.output(clientConfig(args.managers)),
      managers: pulumi.output(managers.join("")),
      "manager-proxy": pulumi.output(managerProxy("@DIR@/managers")),
      ...Object.fromEntries(hosts),
    };
    for (const [file, content] of Object.entries(this.files)) this.write(`${name}-${file}`, file, content);
    this.registerOutputs({ configFile: this.configFile });
  }

  /**
   * Shell text that runs `ssh` with these files, on whatever machine it runs: no machine's folders are part of it.
   *
   * It shares no connection: one that is shared outlives its first user, and with it whoever waits for that one's output.
   */
  call(host: string, options: readonly string[] = []): string {
    return ["ssh", "-F", `${this.folder}/config`, ...ownConnection, ...options, shellQuote(host)].join(" ");
  }

  /** Shell text that prints all managers, one a line as `name=address`: they come and go without a change of who asks. */
  listManagers(): string {
    return `cat ${this.folder}/managers`;
  }

  private write(name: string, file: string, content: pulumi.Output<string>): void {
    new command.local.Command(
      name,
      {
        create: [
          "set -eu",
          "umask 077",
          `dir=${this.folder}`,
          'mkdir -p "$dir"',
          'sed "s|@DIR@|$dir|g" >"$dir/$FILE.new"',
          'mv "$dir/$FILE.new" "$dir/$FILE"',
        ].join("; "),
        delete: `dir=${this.folder}; rm -f "$dir/$FILE"; rmdir "$dir" 2>/dev/null || true`,
        environment: { FILE: file },
        stdin: content,
        logging: "none",
      },
      { parent: this },
    );
  }
}

/** For who must not ride on a connection that another opened, and end with it. */
export const ownConnection: readonly string[] = ["-o", "ControlMaster=no", "-o", "ControlPath=none"];

/** Where the files lie, in the words of a shell; setup/paths.sh says the same. */
function shellFolder(farm: string): string {
  return `"\${XDG_STATE_HOME:-$HOME/.local/state}/swarm-farm/${farm}/ssh"`;
}

/** Kept connections make one handshake serve many calls; they end by themselves soon after the last. */
function clientConfig(managers: readonly string[]): string {
  return [
    "Include @DIR@/*.host",
    // Any manager's key is right, and no other node's.
    `Host ${anyManager()} ${anyManager("*")}`,
    `  HostKeyAlias ${anyManager()}`,
    `  UserKnownHostsFile ${managers.map((node) => `@DIR@/${node}.known`).join(" ")}`,
    "  ProxyCommand sh @DIR@/manager-proxy %n",
    // A kept connection would lead to a manager that has died since.
    "  ControlPath none",
    "Host *",
    "  User root",
    "  IdentityFile @DIR@/id_ed25519",
    "  IdentitiesOnly yes",
    "  BatchMode yes",
    "  StrictHostKeyChecking yes",
    "  GlobalKnownHostsFile /dev/null",
    "  ConnectTimeout 30",
    // A node that dies says nothing more: who waits for it is told after a minute.
    "  ServerAliveInterval 15",
    "  ServerAliveCountMax 4",
    "  ControlMaster auto",
    "  ControlPath @DIR@/%C.sock",
    "  ControlPersist 30",
    "  LogLevel ERROR",
    "",
  ].join("\n");
}

function hostEntry(node: string, address: string): string {
  return `Host ${node} ${address}\n  HostName ${address}\n  UserKnownHostsFile @DIR@/${node}.known\n`;
}
