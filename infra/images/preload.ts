import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { NodeAccess } from "../remote/access";
import { connectionTo, remoteCommand } from "../remote/command";
import type { ContainerImage } from "./container";
import { scripts } from "./scripts";

/** A node, as far as loading an image needs it. */
interface PreloadedNode {
  readonly plan: { readonly name: string };
  readonly vm: { readonly domain: pulumi.CustomResource };
  readonly access: NodeAccess;
}

interface PreloadedImageArgs {
  readonly image: ContainerImage;
  readonly nodes: readonly PreloadedNode[];
  /** For each node by name, created when its Docker answers. */
  readonly ready: ReadonlyMap<string, pulumi.Resource>;
}

/** A container image on every node, without a registry: copied over ssh and loaded. */
export class PreloadedImage extends pulumi.ComponentResource {
  readonly reference: string;
  /** Services that run the image wait for these. */
  readonly loads: readonly pulumi.Resource[];

  constructor(name: string, args: PreloadedImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:images:PreloadedImage", name, {}, opts);
    const { image, nodes } = args;

    this.loads = nodes.map((node) => {
      const file = `/var/tmp/${image.name}.tar.zst`;
      const inPlace = { parent: this, deletedWith: node.vm.domain };
      const copy = new command.remote.CopyToRemote(
        `${name}-${node.plan.name}-copy`,
        {
          connection: connectionTo(node.access),
          source: new pulumi.asset.FileAsset(image.archive),
          remotePath: file,
          triggers: [node.vm.domain.id, image.reference],
        },
        { ...inPlace, dependsOn: args.ready.get(node.plan.name) },
      );
      return remoteCommand(
        `${name}-${node.plan.name}-load`,
        {
          on: node.access,
          create: scripts("load.sh", { IMAGE: image.reference, FILE: file }),
          triggers: [node.vm.domain.id, image.reference],
        },
        { ...inPlace, dependsOn: copy },
      );
    });
    this.reference = image.reference;

    this.registerOutputs({ reference: this.reference });
  }
}
