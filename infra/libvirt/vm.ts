import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import type { GuestImage } from "../images/guest";
import type { NetworkPlan, NodePlan } from "../net/plan";
import { cmdlines, domainXslt } from "./domain";
import type { LibvirtHost } from "./host";
import { seedFiles } from "./seed";

const bytesPerGiB = 1024 ** 3;

interface VmArgs {
  readonly farm: string;
  readonly node: NodePlan;
  readonly network: NetworkPlan;
  readonly host: LibvirtHost;
  readonly image: GuestImage;
  readonly hostKey: { readonly privateKey: pulumi.Input<string>; readonly publicKey: pulumi.Input<string> };
  readonly authorizedKey: pulumi.Input<string>;
}

/** One virtual machine: a disk that is a layer over the shared image, a seed that tells it who it is, and a domain. */
export class Vm extends pulumi.ComponentResource {
  readonly domain: libvirt.Domain;
  readonly disk: libvirt.Volume;
  /** The file on the hypervisor that what it prints on its console is written to. */
  readonly consoleLog: string;

  constructor(name: string, args: VmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:libvirt:Vm", name, {}, opts);
    const { node, host, farm } = args;
    // A dot is in neither name: no other farm has a domain of this one.
    const physical = `${farm}.${node.name}`;
    // The names are fixed, and a domain must not run on a disk that was replaced under it: old ones go first,
    // and Pulumi then replaces the domain with them.
    const child = { parent: this, provider: host.provider, deleteBeforeReplace: true };
    const seed = seedOf(args);
    this.consoleLog = `/var/log/libvirt/qemu/${physical}.console.log`;

    this.disk = new libvirt.Volume(
      `${name}-disk`,
      {
        name: `${node.name}.qcow2`,
        pool: host.pool,
        baseVolumeId: host.image.diskId,
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
    this.domain = new libvirt.Domain(
      `${name}-domain`,
      {
        name: physical,
        type: host.domainType,
        vcpu: node.vcpu,
        memory: node.memoryMiB,
        autostart: true,
        // As a plain disk the seed needs no IDE or SATA controller. Its volume is what stands before the `;` of its id.
        disks: [{ volumeId: this.disk.id }, { volumeId: seedDisk.id.apply((id) => id.split(";")[0] ?? id) }],
        networkInterfaces: [{ networkId: host.networkId, mac: node.mac, waitForLease: false }],
        consoles: [{ type: "pty", targetType: "serial", targetPort: "0" }],
        xml: { xslt: domainXslt(this.consoleLog) },
        ...directBoot(args),
      },
      child,
    );

    this.registerOutputs({ domainId: this.domain.id });
  }
}

function seedOf(args: VmArgs): Record<"userData" | "metaData" | "networkConfig", pulumi.Output<string>> {
  const { node, network, image, hostKey, authorizedKey } = args;
  const files = pulumi
    .all([hostKey.privateKey, hostKey.publicKey, authorizedKey])
    .apply(([hostPrivateKey, hostPublicKey, authorized]) =>
      seedFiles(image.kind, { node, network, hostPrivateKey, hostPublicKey, authorizedKey: authorized }),
    );
  return { userData: files.userData, metaData: files.metaData, networkConfig: files.networkConfig };
}

function directBoot({ image, host }: VmArgs): Partial<libvirt.DomainArgs> {
  if (image.kind === "cloud" || !host.image.boot) return {};
  return {
    kernel: host.image.boot.kernel,
    initrd: host.image.boot.initrd,
    cmdlines: host.domainType.apply((type) =>
      cmdlines(type === "kvm" ? image.cmdline : `${image.cmdline} ${image.cmdlineEmulated}`),
    ),
  };
}
