import * as pulumi from "@pulumi/pulumi";
import type { AcmeKeys } from "../../../infra/keys/acme";
import { salt, saltedVersion } from "../../../infra/keys/salt";
import { farmService, type OwnedSecret } from "../../../infra/service/farm-service";
import { configFiles, secretFile } from "../../../infra/service/files";
import { SwarmService } from "../../../infra/service/service";
import type { NetworkUse } from "../../../infra/service/spec/networks";
import type { Swarm } from "../../../infra/swarm/swarm";
import { nobody } from "../../contract/docker-socket";
import { container } from "../base/types";
import type { AcmeConfig } from "./schema";

interface AcmeClientArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  readonly config: AcmeConfig;
  readonly keys: AcmeKeys;
  /** The CA of the directory's own certificate, in PEM. Default: those that Debian trusts. */
  readonly ca?: string | undefined;
  /** The service name of the load balancer. */
  readonly balancer: string;
  /** The network on which it reaches the load balancers, and they it. */
  readonly networks: readonly NetworkUse[];
  /** The load balancer: it answers HTTP-01. */
  readonly after: readonly pulumi.Resource[];
}

const port = 8080;

/** The URL at which the service of a client has its certificate. */
export function certificateUrl(service: string): string {
  return `http://${service}:${String(port)}/certificate`;
}

/**
 * The client of an ACME directory: one task, on any node, that has nothing of its own. It signs with the account's key, has the
 * certificate's key not at all, and finds the certificate that the load balancers have when it is moved.
 */
export class AcmeClient extends pulumi.ComponentResource {
  readonly service: SwarmService;

  constructor(name: string, args: AcmeClientArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:acme:AcmeClient", name, {}, opts);
    const { swarm, config, keys, ca, balancer } = args;
    const files = [
      { path: "/etc/acme/request.pem", content: keys.request },
      ...(ca === undefined ? [] : [{ path: "/etc/acme/ca.pem", content: ca }]),
    ];
    this.service = new SwarmService(
      `${name}-server`,
      farmService({
        swarm,
        service: name,
        after: args.after,
        spec: {
          image: args.image,
          args: [
            ...["-directory", config.directory, "-email", config.email],
            ...["-balancers", `tasks.${balancer}:${String(container.httpsPort)}`],
            ...(ca === undefined ? [] : ["-ca", "/etc/acme/ca.pem"]),
            ...(config.dns ? ["-dns", config.dns.provider] : []),
          ],
          mode: { replicas: 1 },
          limits: { cpus: 0.5, memoryMiB: 96 },
          reservations: { cpus: 0.02, memoryMiB: 24 },
          user: nobody,
          networks: args.networks,
          configs: configFiles(name, { swarm, files }, this),
          secrets: this.secrets(name, args),
          health: { command: ["/usr/local/bin/acme", "-check"] },
          // Two tasks at once would both order.
          update: { order: "stop-first" },
        },
      }),
      { parent: this },
    );
    this.registerOutputs({});
  }

  private secrets(name: string, { swarm, keys, config }: AcmeClientArgs): OwnedSecret[] {
    const uid = Number(nobody.split(":")[0]);
    const account = secretFile(`${name}-account`, { swarm, file: "account.key", uid, ...keys.account }, this);
    if (!config.dns) return [account];
    const value = JSON.stringify(config.dns.settings);
    const version = saltedVersion(salt(`${name}-salt`, this), value);
    const settings = { swarm, file: "dns.json", uid, value, version };
    return [account, secretFile(`${name}-dns`, settings, this)];
  }
}
