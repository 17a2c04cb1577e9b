import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { haproxyConfig } from "../../../stacks/loadbalancer/haproxy";
import { nginxConfig } from "../../../stacks/loadbalancer/nginx";
import { container, type LoadBalancerPlan } from "../../../stacks/loadbalancer/base/types";
import { argvOf, makePem, withTemp, type Kind } from "../proxy-program";

/** Options of a task. */
export interface TaskOptions {
  /** Default: 60. */
  readonly drainSeconds?: number;
  /** Whether it never answers. Default: false. */
  readonly isBroken?: boolean;
  /** Whether it is of a load balancer without a grace. Default: false. */
  readonly withoutSignal?: boolean;
}

/** Starts nginx or HAProxy with its rendered configuration in a namespace, on the ports of its container. */
export function startTask(
  kind: Kind,
  namespace: string,
  folder: string,
  backend: string,
  { drainSeconds = 60, isBroken = false }: TaskOptions,
): ChildProcess {
  const plan: LoadBalancerPlan = {
    httpsPort: 443,
    drainSeconds,
    routes: [
      { name: "site", path: "/", target: { kind: "http", servers: [{ name: "one", address: backend, port: 9000 }] } },
    ],
  };
  const file = join(folder, "config");
  const text = kind === "nginx" ? nginxConfig(plan) : haproxyConfig(plan, "");
  writeFileSync(
    file,
    withTemp(text, folder)
      .replace("error_log /dev/stderr", "error_log stderr")
      .replace(/access_log \/dev\/stdout farm[^;]*/, "access_log off")
      .replaceAll(container.certificate, makePem(folder))
      .replace("include /etc/nginx/mime.types;", "")
      // HAProxy and nginx of Debian 12 have no such directives.
      .replaceAll("http2 on;", ""),
  );
  const argv = isBroken ? ["sleep", "1000"] : argvOf(kind, folder, file);
  return spawn("nsenter", [`--net=/run/netns/${namespace}`, "--", ...argv], { stdio: ["ignore", "ignore", "ignore"] });
}
