import * as pulumi from "@pulumi/pulumi";
import type { Folders } from "../config/folders";
import type { GuestImage } from "../images/guest";
import { KeyPair } from "../keys/key-pair";
import type { FarmPlan, NodePlan } from "../net/plan";
import type { NodeAccess } from "../remote/access";
import { SshClient } from "../remote/ssh-files";
import { LibvirtHost } from "./host";
import { Vm } from "./vm";

interface FarmArgs {
  readonly plan: FarmPlan;
  /** The guest image of each node, by the node's name. */
  readonly images: ReadonlyMap<string, GuestImage>;
  readonly folders: Folders;
}

/** A virtual machine, and how to reach it. */
export interface FarmNode {
  readonly plan: NodePlan;
  /** The name of its guest image. */
  readonly image: string;
  readonly vm: Vm;
  /** Its host's network, which is deleted after every VM on it. */
  readonly network: pulumi.Resource;
  readonly access: NodeAccess;
}

/** Every virtual machine of the plan on its hypervisor, and the keys to them. */
export class Farm extends pulumi.ComponentResource {
  /** In the plan's order: the first manager first. */
  readonly nodes: readonly FarmNode[];
  readonly ssh: SshClient;

  constructor(name: string, args: FarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:libvirt:Farm", name, {}, opts);
    const { plan, folders } = args;
    const child = { parent: this };

    const imageOf = ({ name: node }: NodePlan) => {
      const image = args.images.get(node);
      if (!image) throw new pulumi.ResourceError(`node '${node}' has no image`, this);
      return image;
    };
    const hosts = new Map(
      Object.entries(plan.hosts).map(([hostName, host]) => {
        const nodes = plan.nodes.filter((node) => node.host === hostName);
        const images = new Map(nodes.map((node) => imageOf(node)).map((image) => [image.name, image]));
        const hostArgs = {
          farm: plan.farm,
          host,
          network: plan.network,
          images,
          names: plan.names,
          cache: folders.cache,
        };
        return [hostName, new LibvirtHost(hostName, hostArgs, child)];
      }),
    );
    const login = new KeyPair("login", { comment: `swarm-farm ${plan.farm}` }, this);
    this.nodes = plan.nodes.map((node): FarmNode => {
      const host = hosts.get(node.host);
      if (!host)
        throw new pulumi.ResourceError(
          `node '${node.name}' is planned on '${node.host}', which is not a host of the plan`,
          this,
        );
      const hostKey = new KeyPair(`${node.name}-hostkey`, { comment: node.name }, this);
      const vm = new Vm(
        node.name,
        {
          farm: plan.farm,
          node,
          host,
          image: imageOf(node),
          hostKey,
          authorizedKey: login.publicKey,
        },
        child,
      );
      return {
        plan: node,
        image: imageOf(node).name,
        vm,
        network: host.network,
        access: { address: node.address, privateKey: login.privateKey, hostKey: hostKey.publicKey },
      };
    });
    this.ssh = new SshClient(
      "ssh",
      {
        farm: plan.farm,
        state: folders.state,
        privateKey: login.privateKey,
        nodes: Object.fromEntries(this.nodes.map(({ plan: node, access }) => [node.name, access])),
        managers: this.nodes.filter(({ plan: node }) => node.role === "manager").map(({ plan: node }) => node.name),
      },
      child,
    );

    this.registerOutputs({});
  }
}
