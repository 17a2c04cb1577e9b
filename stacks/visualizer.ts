import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { inSwarm } from "../infra/service/in-swarm";
import { answersHttp } from "../infra/service/health";
import { SwarmService } from "../infra/service/service";
import type { NetworkUse } from "../infra/service/types";
import type { Swarm } from "../infra/swarm/swarm";
import { dockerSocket, nobody, socketGroup } from "./docker-socket";

interface VisualizerArgs {
  readonly swarm: Swarm;
  /** The farm's own image: its gate is what reads Docker, whatever shows the page. */
  readonly gate: pulumi.Input<string>;
  /** Shows the page on port 8080, and asks `DOCKER_HOST`. */
  readonly page: pulumi.Input<string>;
  /** Where the load balancer finds it. */
  readonly networks: readonly NetworkUse[];
}

const gatePort = 2375;

/** Node.js alone takes half a minute to start on an emulated CPU that others want too. */
const startSeconds = 180;

/**
 * Who runs where, live. The page never has Docker's socket: a gate has, which knows a fixed list of reading requests and
 * passes nothing else, so that no page, ours or another, can change the swarm.
 */
export class Visualizer extends pulumi.ComponentResource {
  /** Each is there when its tasks are healthy. */
  readonly services: readonly SwarmService[];

  constructor(name: string, args: VisualizerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:stacks:Visualizer", name, {}, opts);
    const { swarm } = args;

    const network = new docker.Network(
      `${name}-network`,
      { name: `${name}-docker`, driver: "overlay", internal: true },
      { ...inSwarm(swarm, this), deleteBeforeReplace: true },
    );
    const gate = new SwarmService(
      `${name}-gate`,
      {
        swarm,
        service: `${name}-gate`,
        spec: {
          image: args.gate,
          mode: { replicas: 1 },
          args: ["proxy"],
          placement: { constraints: ["node.role == manager"] },
          limits: { cpus: 1, memoryMiB: 128 },
          reservations: { cpus: 0.05, memoryMiB: 32 },
          user: nobody,
          groups: [socketGroup(name, swarm, this)],
          networks: [{ id: network.id }],
          mounts: [dockerSocket],
          health: { ...answersHttp(gatePort, "/version"), startSeconds },
          update: { order: "start-first" },
        },
      },
      { parent: this },
    );
    const page = new SwarmService(
      `${name}-page`,
      {
        swarm,
        service: name,
        // It asks the gate as soon as it runs.
        after: [gate],
        spec: {
          image: args.page,
          mode: { replicas: 1 },
          placement: { constraints: ["node.role == manager"] },
          limits: { cpus: 1, memoryMiB: 192 },
          reservations: { cpus: 0.05, memoryMiB: 48 },
          user: nobody,
          networks: [{ id: network.id }, ...args.networks],
          env: ["DOCKER_HOST", `tcp://${name}-gate:${String(gatePort)}`],
          mounts: [{ type: "tmpfs", target: "/tmp" }],
          health: { ...answersHttp(8080, "/"), startSeconds },
          update: { order: "start-first" },
        },
      },
      { parent: this },
    );

    this.services = [gate, page];
    this.registerOutputs({});
  }
}
