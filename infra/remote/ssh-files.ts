import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { NodeAccess } from "./access";

/** The files of one folder, by name: all that `ssh` needs to reach the farm. */
export type SshFiles = Readonly<Record<string, pulumi.Output<string>>>;

interface SshClientArgs {
  /** The folder on the machine that runs Pulumi. */
  readonly folder: string;
  readonly privateKey: pulumi.Output<string>;
  readonly nodes: Readonly<Record<string, NodeAccess>>;
}

/**
 * What the `ssh` program needs, as files that only their owner may read: Docker's client and `./farm ssh` run it.
 *
 * One file per node, so that a node that comes or goes touches no other's.
 */
export class SshClient extends pulumi.ComponentResource {
  /** The configuration file to give to `ssh -F`; known once everything in it is written. */
  readonly configFile: string;
  /** The same files as data, for another machine to write. Secret. */
  readonly files: SshFiles;

  constructor(name: string, args: SshClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:remote:SshClient", name, {}, opts);
    const { folder } = args;
    const hosts = Object.entries(args.nodes).flatMap(([node, access]): [string, pulumi.Output<string>][] => [
      [`${node}.host`, pulumi.output(hostEntry(folder, node, access.address))],
      [`${node}.known`, pulumi.interpolate`${access.address} ${access.hostKey}\n`],
    ]);

    this.configFile = `${folder}/config`;
    this.files = {
      id_ed25519: args.privateKey,
      config: pulumi.output(clientConfig(folder)),
      ...Object.fromEntries(hosts),
    };
    for (const [file, content] of Object.entries(this.files))
      writeFile(this, `${name}-${file}`, `${folder}/${file}`, content);
    this.registerOutputs({ configFile: this.configFile });
  }
}

/** Kept connections make one handshake serve many calls; they end by themselves soon after the last. */
function clientConfig(folder: string): string {
  return [
    `Include ${folder}/*.host`,
    "Host *",
    "  User root",
    `  IdentityFile ${folder}/id_ed25519`,
    "  IdentitiesOnly yes",
    "  BatchMode yes",
    "  StrictHostKeyChecking yes",
    "  GlobalKnownHostsFile /dev/null",
    "  ConnectTimeout 30",
    "  ControlMaster auto",
    `  ControlPath ${folder}/%C.sock`,
    "  ControlPersist 30",
    "  LogLevel ERROR",
    "",
  ].join("\n");
}

function hostEntry(folder: string, node: string, address: string): string {
  return `Host ${node} ${address}\n  HostName ${address}\n  UserKnownHostsFile ${folder}/${node}.known\n`;
}

function writeFile(parent: pulumi.Resource, name: string, path: string, content: pulumi.Output<string>): void {
  new command.local.Command(
    name,
    {
      create: 'set -eu; umask 077; mkdir -p "$(dirname "$FILE")"; cat >"$FILE.new"; mv "$FILE.new" "$FILE"',
      delete: 'rm -f "$FILE"; rmdir "$(dirname "$FILE")" 2>/dev/null || true',
      environment: { FILE: path },
      stdin: content,
      logging: "none",
    },
    { parent },
  );
}
