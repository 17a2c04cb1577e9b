import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Certificate } from "../../infra/keys/authority";
import type { Login } from "../../infra/keys/login";
import { haproxyConfig } from "./haproxy";
import { nginxConfig } from "./nginx";
import { container, type LoadBalancerPlan } from "./types";
import { farmService, type OwnedSecret } from "../../infra/service/farm-service";
import { configFiles, secretFile } from "../../infra/service/files";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { ConfigFile } from "../../infra/service/spec/references";
import type { Swarm } from "../../infra/swarm/swarm";

interface LoadBalancerArgs {
  readonly swarm: Swarm;
  readonly implementation: "nginx" | "haproxy";
  readonly image: pulumi.Input<string>;
  readonly plan: LoadBalancerPlan;
  /** Published on every node. */
  readonly httpPort: number;
  readonly certificate: Certificate;
  readonly login: Login;
  /** The networks on which it reaches services without a published port. */
  readonly networks: readonly NetworkUse[];
  /** Its upstream services. It starts after them, so that nodes do not pull all images at once. */
  readonly after: readonly pulumi.Resource[];
}

/** Debian's www-data, the user of both. */
const uid = 33;

/** The size of `/tmp`: request bodies for FastCGI; a full one fails that request, not the task. */
const bodiesMiB = 128;

/** The load balancer: one task on every node, in host mode, so that it sees the client's address. */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly service: SwarmService;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "swarm-farm:loadbalancer:LoadBalancer",
      name,
      {},
      { ...opts, aliases: [{ type: "swarm-farm:stacks:LoadBalancer" }] },
    );
    const { swarm, plan, certificate, networks } = args;
    const pem = pulumi.interpolate`${certificate.cert}${certificate.key}`;
    const tls = { swarm, file: "tls.pem", uid, value: pem, version: certificate.version };
    const { configs, secrets, command } = this.configuration(name, args);

    this.service = new SwarmService(
      `${name}-server`,
      farmService({
        swarm,
        service: name,
        after: args.after,
        spec: {
          image: args.image,
          mode: "global",
          limits: { cpus: 0.5, memoryMiB: 96 + bodiesMiB },
          reservations: { cpus: 0.05, memoryMiB: 16 },
          networks,
          configs,
          secrets: [secretFile(`${name}-tls`, tls, this), ...secrets],
          mounts: [{ type: "tmpfs", target: "/tmp", sizeMiB: bodiesMiB }],
          ports: [
            { target: container.httpPort, published: args.httpPort, mode: "host" },
            { target: container.httpsPort, published: plan.httpsPort, mode: "host" },
            ...(plan.proxyProtocol
              ? [{ target: container.proxyProtocolPort, published: plan.proxyProtocol.port, mode: "host" as const }]
              : []),
          ],
          health: answersHttp(container.httpPort, "/healthz"),
          // Two tasks cannot publish one port of a node; the other nodes serve meanwhile.
          update: { order: "stop-first", monitorSeconds: 15 },
          ...command,
        },
      }),
      { parent: this },
    );
    this.registerOutputs({});
  }

  private configuration(
    name: string,
    args: LoadBalancerArgs,
  ): { configs: ConfigFile[]; secrets: OwnedSecret[]; command: { args?: readonly string[] } } {
    const { swarm, plan, login } = args;
    const withLogin = plan.routes.some((route) => route.login);
    if (args.implementation === "haproxy") {
      // The configuration has the password hashes, so it is a secret.
      const value = withLogin
        ? login.crypt.apply((users) => haproxyConfig(plan, users))
        : pulumi.output(haproxyConfig(plan, ""));
      const version = pulumi.interpolate`${login.version}-${digest(haproxyConfig(plan, ""))}`;
      const secret = secretFile(`${name}-haproxy`, { swarm, file: "haproxy.cfg", uid, value, version }, this);
      return { configs: [], secrets: [secret], command: { args: ["-f", "/run/secrets/haproxy.cfg"] } };
    }
    const configs = configFiles(
      name,
      { swarm, files: [{ path: "/etc/nginx/nginx.conf", content: nginxConfig(plan) }] },
      this,
    );
    if (!withLogin) return { configs, secrets: [], command: {} };
    const users = { swarm, file: "logins", uid, value: login.crypt, version: login.version };
    return { configs, secrets: [secretFile(`${name}-logins`, users, this)], command: {} };
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
