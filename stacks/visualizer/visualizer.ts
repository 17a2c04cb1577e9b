import * as pulumi from "@pulumi/pulumi";
import { farmService } from "../../infra/service/farm-service";
import { configFiles } from "../../infra/service/files";
import { SwarmNetwork } from "../../infra/service/network";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { proxyHealth, proxyPort, socketProxyConfig } from "./docker-socket-proxy";
import { dockerSocket, nobody, socketGroup } from "../contract/docker-socket";
import { nodeHeap, nodeStartSeconds } from "../contract/node-program";

interface VisualizerArgs {
  readonly swarm: Swarm;
  /** The farm's nginx, as the docker socket proxy. */
  readonly proxy: pulumi.Input<string>;
  /** Serves the page on port 8080, and reads Docker at `DOCKER_HOST`. */
  readonly page: pulumi.Input<string>;
  /** The networks on which the load balancer reaches it. */
  readonly networks: readonly NetworkUse[];
  /** URL of the Prometheus whose alerts the page shows, on one of these networks. Default: none. */
  readonly prometheus?: string | undefined;
  /** URL of the VictoriaLogs that has the time line of earlier tasks, on one of these networks. Default: none. */
  readonly logStore?: string | undefined;
  /** The path of its page, on the host of this one. Default: none. */
  readonly logsPage?: string | undefined;
}

/** Of its Node.js program. */
const memoryMiB = 192;

/**
 * A live page of nodes and tasks. Only a docker socket proxy has Docker's socket; it passes a fixed list of GET requests, so that
 * no image of the page can change the swarm.
 */
export class Visualizer extends pulumi.ComponentResource {
  /** Its services, in start order. */
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
          groups: [socketGroup(name, { swarm }, this)],
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
        // It reads from the proxy when it starts.
        after: [proxy],
        spec: {
          image: args.page,
          mode: { replicas: 1 },
          placement: { constraints: ["node.role == manager"] },
          limits: { cpus: 1, memoryMiB },
          reservations: { cpus: 0.05, memoryMiB: 48 },
          user: nobody,
          networks: [{ id: network.id }, ...args.networks],
          env: {
            ...nodeHeap(memoryMiB),
            DOCKER_HOST: `tcp://${name}-gate:${String(proxyPort)}`,
            ...(args.prometheus === undefined ? {} : { PROMETHEUS: args.prometheus }),
            ...(args.logStore === undefined ? {} : { VICTORIALOGS: args.logStore }),
            ...(args.logsPage === undefined ? {} : { LOGS_PAGE: args.logsPage }),
          },
          mounts: [{ type: "tmpfs", target: "/tmp" }],
          health: { ...answersHttp(8080, "/"), startSeconds: nodeStartSeconds },
          update: { order: "start-first" },
        },
      }),
      { parent: this },
    );

    this.services = [proxy, page];
    this.registerOutputs({});
  }
}
