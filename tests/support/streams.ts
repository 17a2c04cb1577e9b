import { existsSync } from "node:fs";
import type { LoadBalancerPlan } from "../../stacks/loadbalancer/base/types";
import { streamModule } from "../../stacks/loadbalancer/streams/nginx";
import type { DockerDns } from "./docker-dns";
import { nginxModule } from "./nginx";

const unpackedModule = nginxModule("ngx_stream_module.so");

/** Whether a program can pass streams on: nginx's module is a package of its own. */
export function canStream(kind: "nginx" | "haproxy"): boolean {
  return kind === "haproxy" || existsSync(unpackedModule);
}

/**
 * Gives the streams of a plan free ports of 127.0.0.1, and their services that address.
 *
 * @returns the ports by those of the configuration, and a configuration with them in the place of a container's
 */
export async function withStreams(
  { streams = [] }: LoadBalancerPlan,
  { addresses }: Pick<DockerDns, "addresses">,
  freePort: () => Promise<number>,
): Promise<{ readonly ports: ReadonlyMap<number, number>; readonly here: (configuration: string) => string }> {
  const ports = new Map<number, number>();
  for (const { listen, upstreams } of streams) {
    ports.set(listen, await freePort());
    for (const { service } of upstreams) addresses.set(`tasks.${service}`, ["127.0.0.1"]);
  }
  const here = (configuration: string) =>
    [...ports].reduce(
      (text, [listen, port]) =>
        text
          .replace(`  listen ${String(listen)}`, `  listen 127.0.0.1:${String(port)}`)
          .replace(`bind :${String(listen)}`, `bind 127.0.0.1:${String(port)}`),
      configuration.replace(streamModule, unpackedModule),
    );
  return { ports, here };
}
