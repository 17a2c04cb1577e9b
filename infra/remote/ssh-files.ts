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
 * Each node has files of its own, so that one that comes or goes touches no other's.
 */
export class SshClient {
  /** The configuration file to give to `ssh -F` on this machine; there once everything in it is written. */
  readonly configFile: string;
  /** The same files as data, for another machine to write. Secret. */
  readonly files: SshFiles;
  private readonly folder: string;
  private readonly managers: readonly string[];
  private readonly common: readonly pulumi.Resource[];
  private readonly perNode: ReadonlyMap<string, pulumi.Resource>;

  constructor(name: string, args: SshClientArgs, opts: pulumi.CustomResourceOptions) {
    this.folder = shellFolder(args.farm);
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
    // The key by itself: a preview shows whatever else changes.
    this.common = [this.write(`${name}-id_ed25519`, key, opts), this.write(`${name}-config`, common, opts)];
    // A node may be called `config`, and none has a dot in its name.
    this.perNode = new Map(
      [...perNode].map(([node, files]) => [node, this.write(`${name}-${node}.host`, files, opts)]),
    );
  }

  /** Made when the files are there to reach that node and any manager. */
  reaching(node: string): pulumi.Resource[] {
    const nodes = new Set([...this.managers, node]);
    return [...this.common, ...[...nodes].flatMap((each) => this.perNode.get(each) ?? [])];
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

  private write(name: string, files: SshFiles, opts: pulumi.CustomResourceOptions): pulumi.Resource {
    return new command.local.Command(
      name,
      {
        create: [
          "set -eu",
          "umask 077",
          `dir=${this.folder}`,
          'mkdir -p "$dir"',
          "files=$(cat)",
          "for file in $FILES; do",
          `  printf '%s\\n' "$files" | jq -j --arg file "$file" '.[$file]' | sed "s|@DIR@|$dir|g" >"$dir/$file.new"`,
          '  mv "$dir/$file.new" "$dir/$file"',
          "done",
        ].join("\n"),
        delete: `dir=${this.folder}; for file in $FILES; do rm -f "$dir/$file"; done; rmdir "$dir" 2>/dev/null || true`,
        environment: { FILES: Object.keys(files).join(" ") },
        stdin: pulumi.jsonStringify(files),
        logging: "none",
      },
      opts,
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

function nodeFiles(node: string, { address, hostKey }: NodeAccess): SshFiles {
  return {
    [`${node}.host`]: pulumi.output(
      `Host ${node} ${address}\n  HostName ${address}\n  UserKnownHostsFile @DIR@/${node}.known\n`,
    ),
    [`${node}.known`]: pulumi.interpolate`${address},${anyManager()} ${hostKey}\n`,
  };
}
