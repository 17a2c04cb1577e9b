import type * as pulumi from "@pulumi/pulumi";
import { farmService } from "../../infra/service/farm-service";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { nobody } from "../contract/docker-socket";
import { reservedMiB } from "../contract/store";
import { storeFlags, type Retention } from "./flags";
import { limits, services } from "./services";

/** How much the store may use. */
export interface StoreSizes extends Retention {
  readonly memoryMiB: number;
}

interface StoreArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  readonly networks: readonly NetworkUse[];
  /** The node with its data. */
  readonly node: string;
  readonly sizes: StoreSizes;
}

/** VictoriaLogs, on the node with its volume. */
export function store(name: string, args: StoreArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, image, networks, node, sizes } = args;
  const { memoryMiB } = sizes;
  return new SwarmService(
    name,
    farmService({
      swarm,
      service: services.store.name,
      spec: {
        image,
        entrypoint: ["/usr/local/bin/start-store"],
        args: storeFlags(sizes),
        mode: { replicas: 1 },
        placement: { constraints: [`node.hostname == ${node}`] },
        limits: { ...limits.store, memoryMiB },
        reservations: { cpus: 0.05, memoryMiB: reservedMiB(memoryMiB) },
        user: nobody,
        networks,
        mounts: [{ type: "volume", source: services.store.name, target: "/var/lib/victoria-logs" }],
        health: answersHttp(services.store.port, "/health"),
        // Two of them on one folder would wait for its lock.
        update: { order: "stop-first" },
        stopGraceSeconds: 60,
      },
    }),
    { parent },
  );
}
