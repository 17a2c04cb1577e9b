import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import type { HostConfig } from "../config/schema";
import type { GuestImage } from "../images/guest";
import type { NetworkPlan, NodePlan } from "../net/plan";
import { bridgeName } from "./domain";
import { ImageVolumes } from "./image-volumes";
import { domainType } from "./virtualization";

interface LibvirtHostArgs {
  readonly farm: string;
  readonly host: HostConfig;
  readonly network: NetworkPlan;
  readonly image: GuestImage;
  readonly nodes: readonly Pick<NodePlan, "name" | "address">[];
  readonly cache: string;
}

/** One hypervisor: its provider, a storage pool with the guest image, and the farm's network. */
export class LibvirtHost extends pulumi.ComponentResource {
  readonly provider: libvirt.Provider;
  readonly pool: pulumi.Output<string>;
  readonly networkId: pulumi.Output<string>;
  readonly image: ImageVolumes;
  /** `kvm` or `qemu`. */
  readonly domainType: pulumi.Output<string>;

  constructor(name: string, args: LibvirtHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:libvirt:LibvirtHost", name, {}, opts);
    const physical = `swarm-farm-${args.farm}`;

    this.provider = new libvirt.Provider(`${name}-libvirt`, { uri: args.host.uri }, { parent: this });
    const child = { parent: this, provider: this.provider };
    const pool = new libvirt.Pool(
      `${name}-pool`,
      { name: physical, type: "dir", target: { path: `/var/lib/libvirt/${physical}` } },
      child,
    );
    this.image = new ImageVolumes(
      `${name}-image`,
      { image: args.image, pool: pool.name, cache: args.cache },
      { parent: this, providers: [this.provider] },
    );
    const network = new libvirt.Network(
      `${name}-network`,
      {
        name: physical,
        mode: "nat",
        bridge: bridgeName(args.farm),
        addresses: [args.network.cidr],
        // Every address is computed: there is no lease to wait for, to lose or to leave behind.
        dhcp: { enabled: false },
        dns: { enabled: true, hosts: args.nodes.map((node) => ({ hostname: node.name, ip: node.address })) },
        autostart: true,
      },
      { ...child, deleteBeforeReplace: true },
    );

    this.pool = pool.name;
    this.networkId = network.id;
    this.domainType = domainType(name, { farm: args.farm, host: args.host, boot: this.image.boot }, this);
    this.registerOutputs({ networkId: this.networkId, domainType: this.domainType });
  }
}
