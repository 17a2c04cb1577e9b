import * as pulumi from "@pulumi/pulumi";
import { Password } from "../../infra/keys/password";
import { salt, saltedVersion } from "../../infra/keys/salt";
import { Seal } from "../../infra/keys/seal";
import { remoteCommand } from "../../infra/remote/command";
import { farmService, type OwnedSecret } from "../../infra/service/farm-service";
import { configFiles, secretFile } from "../../infra/service/files";
import { SwarmService } from "../../infra/service/service";
import type { Swarm } from "../../infra/swarm/swarm";
import type { Dump } from "../contract/entries";
import { installScript, uninstallScript } from "./install";
import { repositoriesOf } from "./repositories";
import type { BackupsConfig } from "./schema";
import { sftpFiles, sftpKeyFile } from "./sftp";

interface BackupsArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  /** The farm's name: farms share a bucket. */
  readonly farm: string;
  readonly config: BackupsConfig;
  /** Those of other stacks and of the configuration. */
  readonly dumps: readonly Dump[];
}

/** The state of the node's program. */
const stateFolder = "/var/lib/swarm-farm/backups";

/** Root, which reads the files of everybody. */
const uid = 0;

/** restic on every node, and a timer there that uses it. */
export class Backups extends pulumi.ComponentResource {
  readonly service: SwarmService;
  /** The password of every repository. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: BackupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:backups:Backups", name, {}, opts);
    const { swarm, config, dumps } = args;
    const { to } = config;
    // Another password would be no key of the repositories that there are: it is never generated again.
    const { value, version } =
      config.password === undefined
        ? new Password(`${name}-credential`, { username: "backups", rotation: 1 }, { parent: this })
        : { value: pulumi.secret(config.password), version: undefined };
    this.password = value;
    const hidden = version === undefined || !("folder" in to) ? salt(`${name}-salt`, this) : undefined;

    const secret = (noun: string, of: pulumi.Input<string>, its: pulumi.Input<string>): OwnedSecret =>
      secretFile(`${name}-${noun}`, { swarm, file: noun, uid, value: of, version: its }, this);
    const salted = (of: pulumi.Input<string>) => saltedVersion(hidden ?? "", of);
    const s3Key = "s3" in to ? pulumi.secret(to.s3.secretKey) : undefined;
    // Without the last newline ssh does not read it.
    const sshKey = "sftp" in to ? pulumi.secret(`${to.sftp.privateKey.trimEnd()}\n`) : undefined;
    const seal = config.readOnly
      ? undefined
      : new Seal(`${name}-seal`, { subject: "swarm-farm backups" }, { parent: this });
    const installed = swarm.nodes.map((node) =>
      remoteCommand(
        `${node.plan.name}-backups`,
        {
          on: node.access,
          create: pulumi
            .output(seal?.cert)
            .apply((cert) => installScript({ ...config, node: node.plan.name, dumps, seal: cert })),
          delete: uninstallScript(),
          triggers: [node.vm.domain.id],
        },
        { parent: this, dependsOn: swarm.dockerReady.get(node.plan.name), deletedWith: node.vm.domain },
      ),
    );
    this.service = new SwarmService(
      `${name}-server`,
      farmService({
        swarm,
        service: name,
        // A task does not start without the folders.
        after: installed,
        spec: {
          image: args.image,
          mode: "global",
          // restic knows by it that the process of a lock has ended.
          hostname: "{{.Node.Hostname}}",
          limits: { cpus: 1, memoryMiB: 384 },
          reservations: { cpus: 0.01, memoryMiB: 8 },
          user: "0:0",
          capabilities: { drop: ["ALL"], add: ["DAC_OVERRIDE"] },
          env: {
            REPOSITORIES: repositoriesOf(to, args.farm),
            RESTIC_CACHE_DIR: "/cache",
            // Go's garbage collector runs more often: restic keeps its index in memory, and a node may have 1 GiB.
            GOGC: "20",
            ...("s3" in to ? { AWS_ACCESS_KEY_ID: to.s3.accessKey } : {}),
          },
          secrets: [
            secret("repository-password", this.password, version ?? salted(this.password)),
            ...(s3Key ? [secret("s3-secret-key", s3Key, salted(s3Key))] : []),
            ...(sshKey ? [secret(sftpKeyFile, sshKey, salted(sshKey))] : []),
          ],
          configs: "sftp" in to ? configFiles(`${name}-sftp`, { swarm, files: sftpFiles(to.sftp) }, this) : [],
          mounts: [
            // The volumes that come later too.
            { type: "bind", source: "/var/lib/docker/volumes", target: "/volumes", readOnly: true },
            { type: "bind", source: `${stateFolder}/cache`, target: "/cache" },
            ...("folder" in to ? [{ type: "bind", source: to.folder, target: "/backups" } as const] : []),
            { type: "tmpfs", target: "/tmp" },
          ],
          health: { command: ["test", "-r", "/run/secrets/repository-password"] },
          update: { order: "stop-first" },
        },
      }),
      { parent: this },
    );
    this.registerOutputs({});
  }
}
