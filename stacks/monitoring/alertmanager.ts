import * as pulumi from "@pulumi/pulumi";
import { salt, saltedVersion } from "../../infra/keys/salt";
import { farmService } from "../../infra/service/farm-service";
import { secretFile } from "../../infra/service/files";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { nobody } from "../contract/docker-socket";
import { alertmanagerFlags } from "./alertmanager-flags";
import { services } from "./services";

interface AlertmanagerArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  readonly networks: readonly NetworkUse[];
  /** Its whole configuration, which has credentials. */
  readonly config: object;
}

/** The user of the image. */
const uid = 65534;

/** Alertmanager. What it remembers is in memory: started again, it sends what still fires once more. */
export function alertmanager(name: string, args: AlertmanagerArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, image, networks, config } = args;
  const value = pulumi.secret(JSON.stringify(config));
  const version = saltedVersion(salt(`${name}-salt`, parent), value);
  return new SwarmService(
    name,
    farmService({
      swarm,
      service: services.alertmanager.name,
      spec: {
        image,
        args: alertmanagerFlags,
        mode: { replicas: 1 },
        limits: { cpus: 0.25, memoryMiB: 64 },
        reservations: { cpus: 0.02, memoryMiB: 24 },
        user: nobody,
        networks,
        secrets: [secretFile(`${name}-config`, { swarm, file: "alertmanager.yml", uid, value, version }, parent)],
        mounts: [{ type: "tmpfs", target: "/tmp", sizeMiB: 16 }],
        health: answersHttp(services.alertmanager.port, "/-/healthy"),
        update: { order: "start-first" },
      },
    }),
    { parent },
  );
}
