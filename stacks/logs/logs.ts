import * as pulumi from "@pulumi/pulumi";
import { remoteCommand } from "../../infra/remote/command";
import { SwarmNetwork } from "../../infra/service/network";
import type { SwarmService } from "../../infra/service/service";
import type { NetworkUse } from "../../infra/service/spec/networks";
import type { Swarm } from "../../infra/swarm/swarm";
import { scripts } from "./scripts";
import { nodeFolder } from "./services";
import { journalSender, tasksSender } from "./senders";
import { store, type StoreSizes } from "./store";

interface LogsArgs {
  readonly swarm: Swarm;
  readonly images: Readonly<Record<"logs" | "journal", pulumi.Input<string>>>;
  /** The node with the store's data. */
  readonly node: string;
  readonly sizes: StoreSizes;
  readonly edgeNetworks: readonly NetworkUse[];
}

/** VictoriaLogs, and on every node what sends the logs of its containers and its journal. */
export class Logs extends pulumi.ComponentResource {
  /** Its services, in start order. */
  readonly services: readonly SwarmService[];
  /** The network of its services. */
  readonly network: NetworkUse;

  constructor(name: string, args: LogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:logs:Logs", name, {}, opts);
    const { swarm, images } = args;
    const network = new SwarmNetwork(
      `${name}-network`,
      { swarm, name, internal: true },
      { parent: this, deleteBeforeReplace: true },
    );
    this.network = { id: network.id };
    const networks = [this.network];
    const installed = swarm.nodes.map((node) =>
      remoteCommand(
        `${node.plan.name}-logs`,
        {
          on: node.access,
          create: scripts("install.sh", { FOLDER: nodeFolder }),
          delete: scripts("uninstall.sh", { FOLDER: nodeFolder }),
          triggers: [node.vm.domain.id],
        },
        { parent: this, dependsOn: swarm.dockerReady.get(node.plan.name), deletedWith: node.vm.domain },
      ),
    );
    const sender = { swarm, networks, after: installed };
    this.services = [
      store(
        `${name}-store`,
        {
          swarm,
          image: images.logs,
          networks: [...networks, ...args.edgeNetworks],
          node: args.node,
          sizes: args.sizes,
        },
        this,
      ),
      tasksSender(`${name}-tasks`, { ...sender, image: images.logs }, this),
      journalSender(`${name}-journal`, { ...sender, image: images.journal }, this),
    ];
    this.registerOutputs({});
  }
}
