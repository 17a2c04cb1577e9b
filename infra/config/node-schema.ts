import { z } from "zod";
import { Address, ImageVersion, LabelKey, LabelValue, LibvirtUri, Name, Sha256 } from "./primitives";

// The descriptions are the documentation, as in schema.ts.

/** The memory of a node where the configuration names none. */
export const defaultMemoryMiB = 1024;

/** The keys of one hypervisor. */
export const Host = z
  .strictObject({
    uri: LibvirtUri.describe(
      "How libvirt is reached: `qemu:///system`, `qemu+ssh://root@host/system`, `qemu+unix:///system?socket=/path`.",
    ),
    virtualization: z
      .enum(["auto", "kvm", "qemu"])
      .default("auto")
      .describe(
        "`auto` tries a guest under KVM and falls back to software emulation; `kvm` fails if it does not run, `qemu` always emulates.",
      ),
    address: Address.optional().describe(
      "Its address, at which the farm's other hosts reach it by UDP on port 4789. Required if nodes are on several hosts.",
    ),
    gateway: Address.optional().describe(
      "Its address in `network.cidr`: gateway and name server of its nodes. A change replaces these nodes. One host may omit it. Default: the network's first address.",
    ),
  })
  .describe("A hypervisor: one libvirt that the farm's virtual machines run on.");

/** The keys of a guest image. */
export const Image = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("farm").describe("The farm's own image, built from Debian packages by `images/guest`."),
      version: ImageVersion.optional()
        .describe(
          "A name for this image, e.g. a date. An image is built from the packages that Debian has on that day, and a farm keeps it. Another name builds another image and replaces every node that uses it, as the preview shows.",
        )
        .meta({ formerly: "updated" }),
    }),
    z.strictObject({
      kind: z.literal("cloud").describe("Any image that cloud-init configures."),
      source: z
        .string()
        .regex(/^(\/|https?:\/\/)\S+$/, "must be an absolute path or an http(s) address")
        .describe("A path or an http(s) address of a qcow2 image."),
      sha256: Sha256.describe("Its SHA-256 checksum."),
    }),
  ])
  .describe("The guest image.");

/** The keys of one node. */
export const Node = z
  .strictObject({
    role: z.enum(["manager", "worker"]).describe("Its role in the swarm. Managers: 1, 3, 5 or 7."),
    host: Name.optional().describe("The hypervisor it runs on. Default: the only one under `hosts`."),
    address: Address.optional().describe(
      "Its fixed address. Default: from role and the number in the name: `manager1` is `.11`, `worker3` is `.23`.",
    ),
    vcpu: z.int().min(1).max(64).default(1).describe("Virtual CPUs."),
    memoryMiB: z
      .int()
      .min(512)
      .max(1_048_576)
      .default(defaultMemoryMiB)
      .describe("Memory in MiB, of which the kernel and Docker take about 350."),
    diskGiB: z
      .int()
      .min(4)
      .max(10_240)
      .default(8)
      .describe("Size of the disk in GiB; an empty layer over the shared image."),
    image: Image.optional().describe(
      "The guest image of this node, e.g. to update one node after the other. Default: `image`.",
    ),
    storageDriver: z
      .enum(["overlay2", "btrfs"])
      .default("overlay2")
      .describe(
        "How Docker keeps images and containers: `overlay2` on the node's ext4, `btrfs` on a second disk of the same size. Only with the farm's own image.",
      ),
    labels: z
      .record(LabelKey, LabelValue)
      .default({})
      .describe("Node labels for placement; a label removed here is removed from the node."),
    availability: z
      .enum(["active", "pause", "drain"])
      .default("active")
      .describe("Swarm's availability: `pause` gives it no new tasks, `drain` also moves its tasks to other nodes."),
  })
  .describe("One virtual machine and its place in the swarm. Its name is its hostname.");
