import * as pulumi from "@pulumi/pulumi";
import { farmService } from "../../infra/service/farm-service";
import { configFiles } from "../../infra/service/files";
import { SwarmNetwork } from "../../infra/service/network";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { proxyHealth, proxyPort, socketProxyConfig } from "./docker-socket-proxy";
import { dockerSocket, nobody, socketGroup } from "../docker-socket";

interface VisualizerArgs {
  readonly swarm: Swarm;
  /** The farm's own nginx: it reads Docker, whatever shows the page. */
  readonly proxy: pulumi.Input<string>;
  /** Shows the page on port 8080, and asks `DOCKER_HOST`. */
  readonly page: pulumi.Input<string>;
  /** Where the load balancer finds it. */
  readonly networks: readonly NetworkUse[];
}

/** Node.js alone takes half a minute to start on an emulated CPU that others want too. */
const startSeconds = 180;

/**
 * Who runs where, live. The page never has Docker's socket: a docker socket proxy has, which passes a fixed list of reading
 * requests and nothing else, so that no page, ours or another, can change the swarm.
 */
export class Visualizer extends pulumi.ComponentResource {
  /** Each is there when its tasks are healthy. */
  readonly services: readonly SwarmService[];

  constructor(name: string, args: VisualizerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "swarm-farm:visualizer:Visualizer",
      name,
      {},
      { ...opts, aliases: [{ type: "swarm-farm:stacks:Visualizer" }] },
    );
    const { swarm } = args;

    const network = new SwarmNetwork(
      `${name}-network`,
      { swarm, name: `${name}-docker`, internal: true },
      { parent: this, deleteBeforeReplace: true },
    );
    const proxy = new SwarmService(
      `${name}-gate`,
      farmService({
        swarm,
        service: `${name}-gate`,
        spec: {
          image: args.proxy,
          mode: { replicas: 1 },
          placement: { constraints: ["node.role == manager"] },
          limits: { cpus: 0.5, memoryMiB: 32 },
          reservations: { cpus: 0.02, memoryMiB: 8 },
          user: nobody,
          groups: [socketGroup(name, swarm, this)],
          networks: [{ id: network.id }],
          configs: configFiles(
            `${name}-gate`,
            { swarm, files: [{ path: "/etc/nginx/nginx.conf", content: socketProxyConfig(dockerSocket.source) }] },
            this,
          ),
          mounts: [dockerSocket, { type: "tmpfs", target: "/tmp" }],
          health: answersHttp(proxyPort, proxyHealth),
          update: { order: "start-first" },
        },
      }),
      { parent: this },
    );
    const page = new SwarmService(
      `${name}-page`,
      farmService({
        swarm,
        service: name,
        // It asks the proxy as soon as it runs.
        after: [proxy],
        spec: {
          image: args.page,
          mode: { replicas: 1 },
          placement: { constraints: ["node.role == manager"] },
          limits: { cpus: 1, memoryMiB: 192 },
          reservations: { cpus: 0.05, memoryMiB: 48 },
          user: nobody,
          networks: [{ id: network.id }, ...args.networks],
          env: { DOCKER_HOST: `tcp://${name}-gate:${String(proxyPort)}` },
          mounts: [{ type: "tmpfs", target: "/tmp" }],
          health: { ...answersHttp(8080, "/"), startSeconds },
          update: { order: "start-first" },
        },
      }),
      { parent: this },
    );

    this.services = [proxy, page];
    this.registerOutputs({});
  }
}
