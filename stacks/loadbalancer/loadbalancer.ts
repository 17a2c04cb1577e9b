import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Certificate } from "../../infra/keys/authority";
import type { Login } from "../../infra/keys/login";
import { servingOf, type ServingArgs } from "./acme/serving";
import { portsAndStop } from "./handover/tasks";
import { haproxyConfig } from "./haproxy";
import { nginxConfig } from "./nginx";
import { portsOf } from "./ports";
import { scriptFiles } from "./oidc/script";
import { certificateList, secretName } from "./sni/serving";
import { container, type LoadBalancerPlan } from "./base/types";
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
  /** Those of the plan, by name. Default: none. */
  readonly certificates?: Readonly<Record<string, Certificate>>;
  /** A certificate that changes while it runs; until the first is there, `certificate` is served. Default: `certificate` alone. */
  readonly acme?: (Pick<ServingArgs, "keys" | "url"> & { readonly thumbprint?: pulumi.Output<string> }) | undefined;
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
    const tls = (file: string, { cert, key, version }: Certificate) => {
      return { swarm, file, uid, value: pulumi.interpolate`${cert}${key}`, version };
    };
    const certificates = [
      secretFile(`${name}-tls`, tls("tls.pem", certificate), this),
      ...Object.entries(args.certificates ?? {}).map(([one, pair]) =>
        secretFile(`${name}-tls-${one}`, tls(secretName(one), pair), this),
      ),
    ];
    const { configs, secrets, command } = this.configuration(name, args);
    const serving =
      args.acme && servingOf(name, { swarm, implementation: args.implementation, ...args.acme, uid }, this);
    const stop = portsAndStop(args.implementation, portsOf(args.httpPort, plan), plan.drainSeconds);

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
          secrets: [...certificates, ...secrets, ...(serving?.secrets ?? [])],
          mounts: [{ type: "tmpfs", target: "/tmp", sizeMiB: bodiesMiB }, ...(serving?.mounts ?? [])],
          health: answersHttp(container.httpPort, "/healthz"),
          // Two tasks cannot publish one port of a node; the other nodes serve meanwhile. With a grace they publish none.
          update: { order: plan.drainSeconds === undefined ? "stop-first" : "start-first", monitorSeconds: 15 },
          ...serving?.spec,
          // After those of the certificate: with a grace it is the handover that stops a task.
          ...stop,
          ...(serving || stop.env ? { env: { ...serving?.spec.env, ...stop.env } } : {}),
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
    const { swarm, plan, login, acme } = args;
    const withLogin = plan.routes.some((route) => route.login === true);
    // The thumbprint comes with the account's key.
    const planned = pulumi.output(acme?.thumbprint).apply((acmeThumbprint) => ({ ...plan, acmeThumbprint }));
    if (args.implementation === "haproxy") {
      // The configuration has the password hashes, so it is a secret.
      const users = withLogin ? login.crypt : "";
      const value = pulumi.all([planned, users]).apply(([known, logins]) => haproxyConfig(known, logins));
      const version = pulumi.interpolate`${login.version}-${planned.apply((known) => digest(haproxyConfig(known, "")))}`;
      const secret = secretFile(`${name}-haproxy`, { swarm, file: "haproxy.cfg", uid, value, version }, this);
      const configs = configFiles(
        name,
        { swarm, files: [...scriptFiles(plan.routes), ...certificateList(plan)] },
        this,
      );
      return { configs, secrets: [secret], command: { args: ["-f", "/run/secrets/haproxy.cfg"] } };
    }
    const content = planned.apply(nginxConfig);
    const configs = configFiles(name, { swarm, files: [{ path: "/etc/nginx/nginx.conf", content }] }, this);
    if (!withLogin) return { configs, secrets: [], command: {} };
    const users = { swarm, file: "logins", uid, value: login.crypt, version: login.version };
    return { configs, secrets: [secretFile(`${name}-logins`, users, this)], command: {} };
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
