import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import { transformed, type Transform } from "../component/transform";
import type { GuestImage } from "../images/guest-image";
import type { NodePlan } from "../net/plan";
import { cmdlines, consoleLogOf, domainXslt } from "./domain";
import type { LibvirtHost } from "./host";
import type { ImageVolumes } from "./image-volumes";
import { seedFiles } from "./seed";

const bytesPerGiB = 1024 ** 3;

/** Changes children of a VM. */
export interface VmTransform {
  readonly disk?: Transform<libvirt.VolumeArgs, pulumi.CustomResourceOptions>;
  readonly seed?: Transform<libvirt.CloudinitDiskArgs, pulumi.CustomResourceOptions>;
  readonly domain?: Transform<libvirt.DomainArgs, pulumi.CustomResourceOptions>;
}

interface VmArgs {
  readonly farm: string;
  readonly node: NodePlan;
  readonly host: LibvirtHost;
  readonly image: GuestImage;
  readonly hostKey: { readonly privateKey: pulumi.Input<string>; readonly publicKey: pulumi.Input<string> };
  readonly authorizedKey: pulumi.Input<string>;
  /** Default: nothing changes. */
  readonly transform?: VmTransform;
}

/** Where a VM runs. */
export interface VmLocation {
  /** Its hypervisor's name. */
  readonly host: string;
  /** Its hypervisor's libvirt. */
  readonly uri: string;
  /** Its domain's name there. */
  readonly domain: string;
  /** The folder of its disk there. */
  readonly poolPath: string;
  /** The file of its console there. */
  readonly consoleLog: string;
}

/** One virtual machine: a disk that is a layer over the shared image, a seed with its identity, and a domain. */
export class Vm extends pulumi.ComponentResource {
  readonly domain: libvirt.Domain;
  readonly disk: libvirt.Volume;
  readonly location: VmLocation;

  constructor(name: string, args: VmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:libvirt:Vm", name, {}, opts);
    const { node, host, farm, transform = {} } = args;
    // Unique: neither name contains a dot.
    const physical = `${farm}.${node.name}`;
    // Names are fixed, and a domain must not run while its disk is replaced: the old disk is deleted first, and
    // Pulumi then replaces the domain too. A move to another host replaces all, although names and paths are the same there.
    const child = {
      parent: this,
      provider: host.provider,
      deleteBeforeReplace: true,
      replacementTrigger: node.host,
    };
    const seed = seedOf(args);
    const volumes = volumesOf(args);
    const consoleLog = consoleLogOf(physical);
    this.location = { host: node.host, uri: host.uri, domain: physical, poolPath: host.poolPath, consoleLog };

    const disk: libvirt.VolumeArgs = {
      name: `${node.name}.qcow2`,
      pool: host.pool,
      baseVolumeId: volumes.diskId,
      size: node.diskGiB * bytesPerGiB,
      format: "qcow2",
    };
    this.disk = new libvirt.Volume(...transformed(transform.disk, `${name}-disk`, disk, child));
    const seedDisk = new libvirt.CloudinitDisk(
      ...transformed(
        transform.seed,
        `${name}-seed`,
        { name: `${node.name}-seed.iso`, pool: host.pool, ...seed },
        child,
      ),
    );
    const dataDisks = node.storageDriver === "btrfs" ? [this.dataDisk(name, args, child)] : [];
    const domain: libvirt.DomainArgs = {
      name: physical,
      type: host.domainType,
      vcpu: node.vcpu,
      memory: node.memoryMiB,
      autostart: true,
      // A plain disk needs no IDE or SATA controller. The volume is the part of the id before the `;`.
      disks: [
        { volumeId: this.disk.id },
        { volumeId: seedDisk.id.apply((id) => id.split(";")[0] ?? id) },
        ...dataDisks.map(({ id }) => ({ volumeId: id })),
      ],
      networkInterfaces: [{ networkId: host.network.id, mac: node.mac, waitForLease: false }],
      consoles: [{ type: "pty", targetType: "serial", targetPort: "0" }],
      xml: { xslt: domainXslt(consoleLog, volumes.boot === undefined) },
      ...directBoot(args),
    };
    this.domain = new libvirt.Domain(...transformed(transform.domain, `${name}-domain`, domain, child));

    this.registerOutputs({ domainId: this.domain.id });
  }

  /** An empty disk, which the node formats. */
  private dataDisk(name: string, { node, host }: VmArgs, opts: pulumi.CustomResourceOptions): libvirt.Volume {
    return new libvirt.Volume(
      `${name}-data`,
      { name: `${node.name}-data.qcow2`, pool: host.pool, size: node.diskGiB * bytesPerGiB, format: "qcow2" },
      opts,
    );
  }
}

function seedOf(args: VmArgs): Record<"userData" | "metaData" | "networkConfig", pulumi.Output<string>> {
  const { node, host, image, hostKey, authorizedKey } = args;
  const files = pulumi
    .all([hostKey.privateKey, hostKey.publicKey, authorizedKey])
    .apply(([hostPrivateKey, hostPublicKey, authorized]) =>
      seedFiles(image.kind, { node, network: host.plan, hostPrivateKey, hostPublicKey, authorizedKey: authorized }),
    );
  return { userData: files.userData, metaData: files.metaData, networkConfig: files.networkConfig };
}

function volumesOf({ image, host }: VmArgs): ImageVolumes {
  const volumes = host.images.get(image.name);
  if (!volumes) throw new Error(`image ${image.name} is not on the node's host`);
  return volumes;
}

function directBoot(args: VmArgs): Partial<libvirt.DomainArgs> {
  const { image, host } = args;
  const { boot } = volumesOf(args);
  if (image.kind === "cloud" || !boot) return {};
  return {
    kernel: boot.kernel,
    initrd: boot.initrd,
    cmdlines: host.domainType.apply((type) =>
      cmdlines(type === "kvm" ? image.cmdline : `${image.cmdline} ${image.cmdlineEmulated}`),
    ),
  };
}
