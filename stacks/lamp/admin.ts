import type * as pulumi from "@pulumi/pulumi";
import { farmService } from "../../infra/service/farm-service";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";

interface AdminArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  /** The HTTP port of the image. */
  readonly port: number;
  readonly networks: readonly NetworkUse[];
  /** Services that must be healthy first. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * A page that administers the database. The health check uses php, which all such images have; some lack curl and wget.
 */
export function admin(name: string, args: AdminArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, image, port, networks, after } = args;
  return new SwarmService(
    name,
    farmService({
      swarm,
      service: name,
      after,
      spec: {
        image,
        mode: { replicas: 1 },
        limits: { cpus: 0.5, memoryMiB: 192 },
        reservations: { cpus: 0.05, memoryMiB: 32 },
        networks,
        // For phpMyAdmin; Adminer asks the user for the server.
        env: { PMA_HOST: "mysql" },
        // Upstream images write to their own folders.
        readOnly: false,
        health: { command: ["php", "-r", `exit(@fsockopen('127.0.0.1', ${String(port)}) ? 0 : 1);`] },
        update: { order: "start-first" },
      },
    }),
    { parent },
  );
}
