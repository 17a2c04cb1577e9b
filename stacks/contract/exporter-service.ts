import type * as pulumi from "@pulumi/pulumi";
import { farmService } from "../../infra/service/farm-service";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { dockerSocket, nobody } from "./docker-socket";

interface ExporterArgs {
  readonly swarm: Swarm;
  /** Its name in the swarm. */
  readonly service: string;
  readonly image: pulumi.Input<string>;
  /** The group that may use Docker's socket. */
  readonly groups: readonly pulumi.Input<string>[];
  readonly networks: readonly NetworkUse[];
  /** Its subject: containers and requests of every node, or the swarm on one manager. Default: `nodes`. */
  readonly reads?: keyof typeof whereItReads;
}

/** Sizes of an exporter, which only answers scrapes; the largest, mysql's, used 18 MiB. */
export const exporterSizes = {
  limits: { cpus: 0.25, memoryMiB: 48 },
  reservations: { cpus: 0.02, memoryMiB: 12 },
} as const;

const whereItReads = {
  nodes: { mode: "global", update: { order: "stop-first" } },
  swarm: {
    args: ["-swarm"],
    mode: { replicas: 1 },
    placement: { constraints: ["node.role == manager"] },
    update: { order: "start-first" },
  },
} as const;

/** The farm's exporter (apps/exporter). */
export function exporter(name: string, args: ExporterArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, service, image, groups, networks, reads = "nodes" } = args;
  return new SwarmService(
    name,
    farmService({
      swarm,
      service,
      spec: {
        image,
        ...whereItReads[reads],
        limits: exporterSizes.limits,
        reservations: exporterSizes.reservations,
        user: nobody,
        groups,
        networks,
        mounts: [dockerSocket],
        health: { command: ["/bin/exporter", "-check"] },
      },
    }),
    { parent },
  );
}
