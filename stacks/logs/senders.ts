import type * as pulumi from "@pulumi/pulumi";
import { farmService, type FarmServiceSpec } from "../../infra/service/farm-service";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import type { Mount } from "../../infra/service/spec/mounts";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { containersFolder, journalUrl, tasksFlags } from "./flags";
import { limits, nodeFolder, services } from "./services";

interface SenderArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  readonly networks: readonly NetworkUse[];
  /** The nodes' folders. */
  readonly after: readonly pulumi.Resource[];
}

const bind = (source: string, target: string) => ({ type: "bind", source, target }) as const;

/** `rslave`: what is unmounted on the node, as a container's secrets are, is unmounted here too. */
const reading = (folder: string) => ({ ...bind(folder, folder), readOnly: true, propagation: "rslave" }) as const;

/** vlagent on every node: sends what its containers print, and keeps it while the store is down. */
export function tasksSender(name: string, args: SenderArgs, parent: pulumi.Resource): SwarmService {
  const folder = "/var/lib/vlagent";
  const its: SenderDifferences = {
    service: services.tasks.name,
    entrypoint: ["/usr/local/bin/vlagent"],
    args: tasksFlags(folder),
    mounts: [reading(containersFolder), bind(`${nodeFolder}/tasks`, folder)],
    health: answersHttp(services.tasks.port, "/health"),
  };
  return sender(name, { ...args, its }, parent);
}

/** systemd-journal-upload on every node; while the store is down the journal itself keeps what is to be sent. */
export function journalSender(name: string, args: SenderArgs, parent: pulumi.Resource): SwarmService {
  const its: SenderDifferences = {
    service: services.journal.name,
    env: { URL: journalUrl },
    mounts: [
      // In memory or on disk, as the node's journald has it.
      ...["/run/log", "/var/log"].map(reading),
      bind(`${nodeFolder}/journal`, "/var/lib/swarm-farm"),
    ],
    health: { command: ["test", "-d", "/run/log/journal", "-o", "-d", "/var/log/journal"] },
  };
  return sender(name, { ...args, its }, parent);
}

interface SenderDifferences extends Pick<FarmServiceSpec, "entrypoint" | "args" | "env" | "health"> {
  readonly service: string;
  readonly mounts: readonly Mount[];
}

/** Root without its rights, on every node: Docker's files and the journal are root's. */
function sender(
  name: string,
  args: SenderArgs & { readonly its: SenderDifferences },
  parent: pulumi.Resource,
): SwarmService {
  const { swarm, image, networks, after } = args;
  const { service, ...its } = args.its;
  return new SwarmService(
    name,
    farmService({
      swarm,
      service,
      after,
      spec: {
        ...its,
        image,
        networks,
        mode: "global",
        // The name of the node that the store has.
        hostname: "{{.Node.Hostname}}",
        user: "0:0",
        capabilities: { drop: ["ALL"] },
        limits: limits.sender,
        reservations: { cpus: 0.02, memoryMiB: 16 },
        update: { order: "stop-first" },
      },
    }),
    { parent },
  );
}
