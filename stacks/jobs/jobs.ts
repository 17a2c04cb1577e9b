import * as pulumi from "@pulumi/pulumi";
import { farmService } from "../../infra/service/farm-service";
import { configFiles } from "../../infra/service/files";
import { answersHttp } from "../../infra/service/health";
import { SwarmNetwork } from "../../infra/service/network";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { dockerSocket, nobody, socketGroup } from "../contract/docker-socket";
import { nodeHeap, nodeStartSeconds } from "../contract/node-program";
import { jobsService } from "./service";

interface JobsArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  /** Of schedules that name none. */
  readonly timeZone: string;
}

/** Of its Node.js program. */
const memoryMiB = 128;

/** The program that starts jobs, on a manager: two of them start a run once, so that an update leaves no gap. */
export class Jobs extends pulumi.ComponentResource {
  readonly services: readonly SwarmService[];
  /** Where Prometheus reads its metrics. */
  readonly network: NetworkUse;

  constructor(name: string, args: JobsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:jobs:Jobs", name, {}, opts);
    const { swarm, image, timeZone } = args;

    const network = new SwarmNetwork(
      `${name}-network`,
      { swarm, internal: true },
      { parent: this, deleteBeforeReplace: true },
    );
    const service = new SwarmService(
      `${name}-scheduler`,
      farmService({
        swarm,
        service: jobsService.name,
        spec: {
          image,
          args: ["--config", "/etc/jobs.json"],
          mode: { replicas: 1 },
          placement: { constraints: ["node.role == manager"] },
          limits: { cpus: 0.5, memoryMiB },
          reservations: { cpus: 0.02, memoryMiB: 48 },
          user: nobody,
          groups: [socketGroup(name, { swarm }, this)],
          networks: [{ id: network.id }],
          env: nodeHeap(memoryMiB),
          configs: configFiles(
            `${name}-scheduler`,
            { swarm, files: [{ path: "/etc/jobs.json", content: JSON.stringify({ timeZone }) }] },
            this,
          ),
          mounts: [dockerSocket, { type: "tmpfs", target: "/tmp" }],
          health: { ...answersHttp(jobsService.port, "/healthz"), startSeconds: nodeStartSeconds },
          update: { order: "start-first" },
        },
      }),
      { parent: this },
    );

    this.services = [service];
    this.network = { id: network.id };
    this.registerOutputs({});
  }
}
