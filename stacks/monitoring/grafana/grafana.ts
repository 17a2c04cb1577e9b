import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Password } from "../../../infra/keys/password";
import { salt, saltedVersion } from "../../../infra/keys/salt";
import { scriptText } from "../../../infra/remote/script";
import { farmService } from "../../../infra/service/farm-service";
import { configFiles, secretFile, type ContentFile } from "../../../infra/service/files";
import { answersHttp } from "../../../infra/service/health";
import { SwarmService } from "../../../infra/service/service";
import type { NetworkUse } from "../../../infra/service/spec/networks";
import type { Swarm } from "../../../infra/swarm/swarm";
import { reservedMiB } from "../../contract/store";
import { grafanaIds, grafanaService, grafanaSettings, secretFiles } from "./settings";

/** The parts of a Grafana that the configuration and other resources determine. */
export interface GrafanaSpec {
  readonly image: pulumi.Input<string>;
  /** The node with its data. */
  readonly node: string;
  readonly memoryMiB: number;
  /** Of its route. */
  readonly url: string;
  /** Of its administrator. */
  readonly password: Password;
  /** Its data source and dashboards. */
  readonly files: readonly ContentFile[];
}

interface GrafanaArgs extends GrafanaSpec {
  readonly swarm: Swarm;
  readonly networks: readonly NetworkUse[];
}

/** The start of Grafana's image, in place of its entrypoint. */
export const grafanaStart = ["sh", "-c", scriptText(join(__dirname, "start.sh")), "sh"];

/** The first start creates a database with hundreds of changes, which takes minutes on an emulated CPU; one that is cut off begins again. */
const startSeconds = 600;

/** Grafana, on the node with its volume. */
export function grafana(name: string, args: GrafanaArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, image, networks, node, memoryMiB, url, password, files } = args;
  const { uid, gid } = grafanaIds;
  const key = salt(`${name}-salt`, parent);
  const version = saltedVersion(key, secretFiles.key);
  return new SwarmService(
    name,
    farmService({
      swarm,
      service: grafanaService.name,
      spec: {
        image,
        entrypoint: grafanaStart,
        args: ["/run.sh"],
        env: grafanaSettings(url),
        mode: { replicas: 1 },
        placement: { constraints: [`node.hostname == ${node}`] },
        limits: { cpus: 1, memoryMiB },
        reservations: { cpus: 0.05, memoryMiB: reservedMiB(memoryMiB) },
        user: `${String(uid)}:${String(gid)}`,
        networks,
        configs: configFiles(name, { swarm, files }, parent),
        secrets: [
          secretFile(
            `${name}-password`,
            { swarm, file: secretFiles.password, uid, value: password.value, version: password.version },
            parent,
          ),
          secretFile(`${name}-key`, { swarm, file: secretFiles.key, uid, value: key, version }, parent),
        ],
        mounts: [
          { type: "volume", source: grafanaService.name, target: "/var/lib/grafana" },
          { type: "tmpfs", target: "/tmp", sizeMiB: 64 },
        ],
        health: { ...answersHttp(grafanaService.port, "/api/health"), startSeconds },
        // Two of them on one database would wait for its lock.
        update: { order: "stop-first" },
      },
    }),
    { parent },
  );
}
