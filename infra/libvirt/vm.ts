import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import type { GuestImage } from "../images/guest";
import type { NodePlan } from "../net/plan";
import { cmdlines, domainXslt } from "./domain";
import type { LibvirtHost } from "./host";
import type { ImageVolumes } from "./image-volumes";
import { seedFiles } from "./seed";

const bytesPerGiB = 1024 ** 3;

interface VmArgs {
  readonly farm: string;
  readonly node: NodePlan;
  readonly host: LibvirtHost;
  readonly image: GuestImage;
  readonly hostKey: { readonly privateKey: pulumi.Input<string>; readonly publicKey: pulumi.Input<string> };
  readonly authorizedKey: pulumi.Input<string>;
}

/** Where a machine is, for whoever looks at it from outside. */
export interface Place {
  /** Its hypervisor's name, and how that is reached. */
  readonly host: string;
  readonly uri: string;
  /** Its own name there. */
  readonly domain: string;
  /** The folder that its disk is in. */
  readonly poolPath: string;
  /** The file that what it prints on its console is written to. */
  readonly consoleLog: string;
}

/** One virtual machine: a disk that is a layer over the shared image, a seed that tells it who it is, and a domain. */
export class Vm extends pulumi.ComponentResource {
  readonly domain: libvirt.Domain;
  readonly disk: libvirt.Volume;
  readonly place: Place;

  constructor(name: string, args: VmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:libvirt:Vm", name, {}, opts);
    const { node, host, farm } = args;
    // A dot is in neither name: no other farm has a domain of this one.
    const physical = `${farm}.${node.name}`;
    // The names are fixed, and a domain must not run on a disk that was replaced under it: old ones go first,
    // and Pulumi then replaces the domain with them.
    // On another host everything is another, although it has the same name and path there.
    const child = {
      parent: this,
      provider: host.provider,
      deleteBeforeReplace: true,
      replacementTrigger: node.host,
    };
    const seed = seedOf(args);
    const volumes = volumesOf(args);
    const consoleLog = `/var/log/libvirt/qemu/${physical}.console.log`;
    this.place = { host: node.host, uri: host.uri, domain: physical, poolPath: host.poolPath, consoleLog };

    this.disk = new libvirt.Volume(
      `${name}-disk`,
      {
        name: `${node.name}.qcow2`,
        pool: host.pool,
        baseVolumeId: volumes.diskId,
        size: node.diskGiB * bytesPerGiB,
        format: "qcow2",
      },
      child,
    );
    const seedDisk = new libvirt.CloudinitDisk(
      `${name}-seed`,
      {
        name: `${node.name}-seed.iso`,
        pool: host.pool,
        userData: seed.userData,
        metaData: seed.metaData,
        networkConfig: seed.networkConfig,
      },
      child,
    );
    const dataDisks = node.storageDriver === "btrfs" ? [this.dataDisk(name, args, child)] : [];
    this.domain = new libvirt.Domain(
      `${name}-domain`,
      {
        name: physical,
        type: host.domainType,
        vcpu: node.vcpu,
        memory: node.memoryMiB,
        autostart: true,
        // As a plain disk the seed needs no IDE or SATA controller. Its volume is what stands before the `;` of its id.
        disks: [
          { volumeId: this.disk.id },
          { volumeId: seedDisk.id.apply((id) => id.split(";")[0] ?? id) },
          ...dataDisks.map(({ id }) => ({ volumeId: id })),
        ],
        networkInterfaces: [{ networkId: host.network.id, mac: node.mac, waitForLease: false }],
        consoles: [{ type: "pty", targetType: "serial", targetPort: "0" }],
        xml: { xslt: domainXslt(consoleLog, volumes.boot === undefined) },
        ...directBoot(args),
      },
      child,
    );

    this.registerOutputs({ domainId: this.domain.id });
  }

  /** Blank; the node makes its file system. */
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
