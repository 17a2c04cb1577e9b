import * as pulumi from "@pulumi/pulumi";
import { generateSecret, generatedVersion } from "../../../infra/keys/generated-secret";
import { salt, saltedVersion } from "../../../infra/keys/salt";
import { scripts } from "../../../infra/keys/scripts";
import { farmService } from "../../../infra/service/farm-service";
import { configFiles, secretFile } from "../../../infra/service/files";
import { answersHttp } from "../../../infra/service/health";
import { SwarmService } from "../../../infra/service/service";
import type { NetworkUse } from "../../../infra/service/spec/networks";
import type { Swarm } from "../../../infra/swarm/swarm";
import { files, proxyArguments } from "./arguments";
import { oidc } from "./plan";
import type { OidcConfig } from "./schema";

interface LoginProxyArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  readonly config: OidcConfig;
  /** Certificates of the provider's CA, in PEM. Default: public ones. */
  readonly ca: string | undefined;
  /** Another number generates another key, which ends all sessions. */
  readonly rotation: number;
  /** Those of the load balancer. */
  readonly networks: readonly NetworkUse[];
  /** The load balancer: the provider may be behind it. */
  readonly after: readonly pulumi.Resource[];
}

/** The user of the image. */
const uid = 65534;

/** Sessions are in cookies, so a second task takes over at once when a node is lost. */
const replicas = 2;

/** oauth2-proxy, which the balancers ask who the user of a request is. */
export class LoginProxy extends pulumi.ComponentResource {
  readonly service: SwarmService;

  constructor(name: string, args: LoginProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:oidc:LoginProxy", name, {}, opts);
    const { swarm, config, ca, rotation, networks } = args;
    const key = generateSecret(
      `${name}-cookie-key`,
      { create: scripts("password.sh", {}), triggers: [String(rotation)] },
      this,
    );
    const value = pulumi.secret(config.clientSecret);
    const version = saltedVersion(salt(`${name}-salt`, this), value);
    const client = { swarm, file: files.clientSecret, uid, value, version };
    const cookie = {
      swarm,
      file: files.cookieSecret,
      uid,
      value: key.stdout,
      version: generatedVersion(key, rotation),
    };

    this.service = new SwarmService(
      `${name}-server`,
      farmService({
        swarm,
        service: oidc.service,
        after: args.after,
        spec: {
          image: args.image,
          args: proxyArguments(config, ca !== undefined),
          mode: { replicas },
          limits: { cpus: 0.5, memoryMiB: 64 },
          reservations: { cpus: 0.02, memoryMiB: 24 },
          networks,
          configs: ca === undefined ? [] : configFiles(name, { swarm, files: [{ path: files.ca, content: ca }] }, this),
          secrets: [secretFile(`${name}-client`, client, this), secretFile(`${name}-cookie`, cookie, this)],
          health: answersHttp(oidc.port, "/ping"),
          update: { order: "start-first" },
        },
      }),
      { parent: this },
    );
    this.registerOutputs({});
  }
}
