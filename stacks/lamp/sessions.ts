import type * as pulumi from "@pulumi/pulumi";
import { farmService } from "../../infra/service/farm-service";
import type { ContentFile } from "../../infra/service/files";
import { SwarmService } from "../../infra/service/service";
import type { Swarm } from "../../infra/swarm/swarm";
import { lockLines, storeMemoryMiB } from "./session-settings";

/** Arguments of `sessions`. */
export interface SessionsArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  /** Memory for sessions; the oldest are dropped above it. */
  readonly memoryMiB: number;
  /** Nobody but php is on it: the store trusts every client, as php-fpm does. */
  readonly networkId: pulumi.Input<string>;
}

/** One valkey on a worker. It keeps sessions in memory alone, so it can run on any, and is empty where it starts. */
export function sessions(name: string, args: SessionsArgs, parent: pulumi.Resource): SwarmService {
  const { swarm, image, memoryMiB, networkId } = args;
  return new SwarmService(
    name,
    farmService({
      swarm,
      service: name,
      spec: {
        image,
        args: ["--maxmemory", `${String(memoryMiB)}mb`],
        mode: { replicas: 1 },
        placement: { constraints: ["node.role == worker"] },
        limits: { cpus: 0.5, memoryMiB: storeMemoryMiB(memoryMiB) },
        reservations: { cpus: 0.05, memoryMiB: 16 },
        networks: [{ id: networkId, aliases: ["sessions"] }],
        health: { command: ["valkey-cli", "-e", "ping"] },
        // Two stores at once would each have half of the sessions.
        update: { order: "stop-first" },
      },
    }),
    { parent },
  );
}

const settingsFolder = "/etc/php/sessions";

/** A file of php's settings that makes it use the store. */
export const phpSettings: ContentFile = {
  path: `${settingsFolder}/sessions.ini`,
  content: [
    "session.save_handler = redis",
    'session.save_path = "tcp://sessions:6379?timeout=2&read_timeout=2"',
    ...lockLines,
    "",
  ].join("\n"),
};

/** Folders that php reads besides its own folder of settings, whose name is empty here. */
export const phpEnvironment = { PHP_INI_SCAN_DIR: `:${settingsFolder}` } as const;
