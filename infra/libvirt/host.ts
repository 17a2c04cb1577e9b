import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import { transformed, type Transform } from "../component/transform";
import type { GuestImage } from "../images/guest-image";
import { nthAddress, parseCidr } from "../ipv4/cidr";
import type { HostPlan, NetworkPlan } from "../net/plan";
import { bridgeName, poolName, poolPath } from "./domain";
import { ImageVolumes } from "./image-volumes";
import { domainType } from "./virtualization";
import { vxlanTunnel } from "./vxlan";

/** Changes children of a hypervisor. */
export interface HostTransform {
  readonly provider?: Transform<libvirt.ProviderArgs, pulumi.ResourceOptions>;
  readonly pool?: Transform<libvirt.PoolArgs, pulumi.CustomResourceOptions>;
  readonly network?: Transform<libvirt.NetworkArgs, pulumi.CustomResourceOptions>;
}

interface LibvirtHostArgs {
  readonly farm: string;
  readonly host: HostPlan;
  readonly network: Omit<NetworkPlan, "gateway">;
  /** The guest images of its nodes, by the names of the images. */
  readonly images: ReadonlyMap<string, GuestImage>;
  /** Host names that its name server resolves, with their addresses. */
  readonly names: Readonly<Record<string, string>>;
  readonly cache: string;
  /** Default: nothing changes. */
  readonly transform?: HostTransform;
}

/** One hypervisor: its provider, a storage pool with the guest images, and the farm's network. */
export class LibvirtHost extends pulumi.ComponentResource {
  readonly provider: pulumi.ProviderResource;
  /** How its libvirt is reached. */
  readonly uri: string;
  readonly pool: pulumi.Output<string>;
  /** The pool's folder. */
  readonly poolPath: string;
  readonly network: libvirt.Network;
  /** The farm's network as its nodes see it. */
  readonly plan: NetworkPlan;
  /** By the names of the images. */
  readonly images: ReadonlyMap<string, ImageVolumes>;
  /** `kvm` or `qemu`. */
  readonly domainType: pulumi.Output<string>;

  constructor(name: string, args: LibvirtHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:libvirt:LibvirtHost", name, {}, opts);
    const { transform = {} } = args;
    this.plan = { ...args.network, gateway: args.host.gateway };
    const physical = poolName(args.farm);
    this.uri = args.host.uri;
    this.poolPath = poolPath(args.farm);

    this.provider =
      this.getProvider("libvirt:index/domain:Domain") ??
      new libvirt.Provider(...transformed(transform.provider, `${name}-libvirt`, { uri: this.uri }, { parent: this }));
    const child = { parent: this, provider: this.provider };
    const pool = new libvirt.Pool(
      ...transformed(
        transform.pool,
        `${name}-pool`,
        { name: physical, type: "dir", target: { path: this.poolPath } },
        child,
      ),
    );
    this.images = new Map(
      [...args.images].map(([imageName, image]) => [
        imageName,
        new ImageVolumes(
          `${name}-image-${imageName}`,
          { image, pool: pool.name, cache: args.cache },
          {
            parent: this,
            providers: [this.provider],
            // Aliases of the volumes derive from this one: their names begin with it.
            aliases:
              image.kind === "farm" && image.formerName !== undefined
                ? [{ name: `${name}-image-${image.formerName}` }]
                : [],
          },
        ),
      ]),
    );
    const boot = [...this.images.values()].find((image) => image.boot)?.boot;
    const network: libvirt.NetworkArgs = {
      name: physical,
      mode: "nat",
      bridge: bridgeName(args.farm),
      addresses: [args.network.cidr],
      // Addresses are computed, so no DHCP.
      dhcp: { enabled: false },
      dns: { enabled: true, hosts: Object.entries(args.names).map(([hostname, ip]) => ({ hostname, ip })) },
      autostart: true,
      ...gatewayOf(this.plan),
    };
    this.network = new libvirt.Network(
      ...transformed(transform.network, `${name}-network`, network, { ...child, deleteBeforeReplace: true }),
    );

    if (args.host.tunnel) {
      const { uri, tunnel } = args.host;
      vxlanTunnel(
        `${name}-link`,
        { farm: args.farm, uri, tunnel, network: { name: physical, resource: this.network } },
        this,
      );
    }

    this.pool = pool.name;
    this.domainType = domainType(name, { farm: args.farm, host: args.host, boot }, this);
    this.registerOutputs({ networkId: this.network.id, domainType: this.domainType });
  }
}

/** Sets the gateway: the provider gives every host the network's first address, which may be another host's. */
function gatewayOf({ cidr, gateway }: NetworkPlan): Pick<libvirt.NetworkArgs, "xml"> {
  const network = parseCidr(cidr);
  if (!network || gateway === nthAddress(network, 1)) return {};
  return {
    xml: {
      xslt: `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:template match="node()|@*"><xsl:copy><xsl:apply-templates select="node()|@*"/></xsl:copy></xsl:template>
  <xsl:template match="/network/ip/@address"><xsl:attribute name="address">${gateway}</xsl:attribute></xsl:template>
</xsl:stylesheet>`,
    },
  };
}
