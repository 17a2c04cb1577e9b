import * as pulumi from "@pulumi/pulumi";
import type { Folders } from "../config/folders";
import { cloudImage, type GuestImage } from "../images/guest-image";
import { KeyPair } from "../keys/key-pair";
import type { FarmPlan, NodePlan } from "../net/plan";
import type { NodeAccess } from "../remote/access";
import { SshClient } from "../remote/ssh-files";
import { LibvirtHost, type HostTransform } from "./host";
import { Vm, type VmTransform } from "./vm";

/** Children that `transform` of a Farm can change: those of each hypervisor and of each VM. */
export interface FarmTransform extends HostTransform, VmTransform {}

/** Arguments of a `Farm`. */
export interface FarmArgs {
  /** From `farmPlan`. VMs, storage pools and networks have its name, which must be unique on each hypervisor. */
  readonly plan: FarmPlan;
  /** The guest image of all nodes, or one for each by the node's name. Default: the plan's, if that is a cloud image. */
  readonly images?: GuestImage | ReadonlyMap<string, GuestImage>;
  /** From `foldersOf`, for the machine that runs Pulumi; commands find the ssh files by the same environment variables. */
  readonly folders: Pick<Folders, "cache" | "state">;
  /** Changes children of every hypervisor and VM, by the name of the child. Default: nothing changes. */
  readonly transform?: FarmTransform;
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

/**
 * Every virtual machine of the plan on its hypervisor, and their ssh keys.
 *
 * Its children are named by hosts and nodes: a Pulumi stack has one Farm. A libvirt provider in `opts` is used for every host;
 * by default each host has one for its URI.
 */
export class Farm extends pulumi.ComponentResource {
  /** In the plan's order: the first manager first. */
  readonly nodes: readonly FarmNode[];
  readonly ssh: SshClient;

  constructor(name: string, args: FarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:libvirt:Farm", name, {}, opts);
    const { plan, folders, transform = {} } = args;
    const child = { parent: this };
    const imageOf = (node: NodePlan) => imageFor(node, args.images, this);
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
          transform,
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
          transform,
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

function imageFor(node: NodePlan, images: FarmArgs["images"], farm: pulumi.Resource): GuestImage {
  if (images !== undefined && "kind" in images) return images;
  const image = images?.get(node.name);
  if (image) return image;
  if (images === undefined && node.image.kind === "cloud") return cloudImage(node.image);
  throw new pulumi.ResourceError(
    `node '${node.name}' has no guest image: give Farm 'images', or the plan a cloud image`,
    farm,
  );
}
