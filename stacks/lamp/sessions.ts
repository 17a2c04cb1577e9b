import type * as pulumi from "@pulumi/pulumi";
import { Password } from "../../infra/keys/password";
import { farmService, type OwnedSecret } from "../../infra/service/farm-service";
import { secretFile } from "../../infra/service/files";
import { SwarmService } from "../../infra/service/service";
import type { Swarm } from "../../infra/swarm/swarm";
import { lockLines, storeMemoryMiB } from "./session-settings";

/** Arguments of `sessions`. */
export interface SessionsArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  /** What sessions may use; the oldest are dropped above it. */
  readonly memoryMiB: number;
  readonly networkId: pulumi.Input<string>;
  /** Another number generates another password. */
  readonly rotation: number;
  /** The user of php, who reads the settings. */
  readonly phpUid: number;
}

/** The store of php's sessions, and what makes php use it. */
export interface Sessions {
  readonly service: SwarmService;
  /** Settings of php with the store's password, in the folder that `env` names. */
  readonly settings: OwnedSecret;
  readonly env: Readonly<Record<string, string>>;
}

/** Debian's nobody. */
const uid = 65534;

/** One valkey on a worker. It keeps sessions in memory alone, so it can run on any, and is empty where it starts. */
export function sessions(name: string, args: SessionsArgs, parent: pulumi.Resource): Sessions {
  const { swarm, image, memoryMiB, networkId, rotation, phpUid } = args;
  const { value, version } = new Password(`${name}-credential`, { username: "sessions", rotation }, { parent });
  const secret = (noun: string, file: string, owner: number, content: (password: string) => string) =>
    secretFile(`${name}-${noun}`, { swarm, file, uid: owner, value: value.apply(content), version }, parent);
  const password = secret("password", "sessions.conf", uid, (text) => `requirepass ${text}\n`);
  const settings = secret("settings", "sessions.ini", phpUid, phpSettings);

  const service = new SwarmService(
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
        secrets: [password],
        health: { command: ["valkey-ping"] },
        // Two stores at once would each have half of the sessions.
        update: { order: "stop-first" },
      },
    }),
    { parent },
  );
  // php reads every .ini of the folder, besides its own (an empty name).
  return { service, settings, env: { PHP_INI_SCAN_DIR: ":/run/secrets" } };
}

/** A file of php's settings. */
function phpSettings(password: string): string {
  const path = `tcp://sessions:6379?auth=${password}&timeout=2&read_timeout=2`;
  return ["session.save_handler = redis", `session.save_path = "${path}"`, ...lockLines, ""].join("\n");
}
