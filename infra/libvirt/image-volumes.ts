import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import type { CloudImage, GuestImage } from "../images/guest-image";
import { cloudImageFile } from "./cloud-image-file";
import { imageVolume } from "./domain";
import { localCommand } from "../remote/local-command";

interface ImageVolumesArgs {
  readonly image: GuestImage;
  readonly pool: pulumi.Input<string>;
  /** The folder for downloaded cloud images. */
  readonly cache: string;
}

/**
 * The guest image on one hypervisor: uploaded once, under a name with its content hash, and kept. Every node's disk is a
 * layer over it, and a replaced volume replaces these disks: so a changed recipe changes nothing here, and another
 * `image.version` in the configuration is another resource.
 */
export class ImageVolumes extends pulumi.ComponentResource {
  /** The volume that every node's disk is a layer over. */
  readonly diskId: pulumi.Output<string>;
  /** Paths on the hypervisor, where libvirt boots the kernel directly. */
  readonly boot: { readonly kernel: pulumi.Output<string>; readonly initrd: pulumi.Output<string> } | undefined;

  constructor(name: string, args: ImageVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:libvirt:ImageVolumes", name, {}, opts);
    const { image, pool } = args;
    const upload = (noun: string, file: string, source: pulumi.Input<string>, format: string) =>
      new libvirt.Volume(
        `${name}-${noun}`,
        { name: file, pool, source, format },
        // The volume keeps the content that was uploaded, whatever the present recipe.
        { parent: this, ignoreChanges: ["name", "source"] },
      );

    if (image.kind === "farm") {
      this.diskId = upload("disk", imageVolume(image.key, "qcow2"), image.disk, "qcow2").id;
      this.boot = {
        kernel: upload("kernel", imageVolume(image.key, "vmlinuz"), image.kernel, "raw").id,
        initrd: upload("initrd", imageVolume(image.key, "initrd"), image.initrd, "raw").id,
      };
    } else {
      const verified = verifiedFile(name, { image, cache: args.cache }, this);
      this.diskId = upload("disk", imageVolume(image.key, "qcow2"), verified, "qcow2").id;
      this.boot = undefined;
    }

    this.registerOutputs({ diskId: this.diskId });
  }
}

/** The path of a cloud image whose checksum is right, downloaded if its source is a URL. */
function verifiedFile(
  name: string,
  { image, cache }: { readonly image: CloudImage; readonly cache: string },
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const verify = localCommand(
    `${name}-verified`,
    { create: cloudImageFile(image, cache), triggers: [image.sha256] },
    // An edited script must not download the image again.
    { parent, ignoreChanges: ["create"] },
  );
  return verify.stdout;
}
