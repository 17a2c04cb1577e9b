import { z } from "zod";
import { Address, Cidr, LabelKey, LabelValue, LibvirtUri, Name, Port, Sha256 } from "./primitives";

/** A hypervisor: one libvirt that the farm's virtual machines may run on. */
const Host = z.strictObject({
  uri: LibvirtUri,
  /**
   * `auto` tries whether the host truly runs a guest under KVM and falls back to software emulation.
   * @default auto
   */
  virtualization: z.enum(["auto", "kvm", "qemu"]).default("auto"),
});

/** One virtual machine and its place in the swarm. */
const Node = z.strictObject({
  role: z.enum(["manager", "worker"]),
  /** The hypervisor it runs on. @default the only one declared under hosts */
  host: Name.optional(),
  /** @default computed from role and the number in the name: manager1 is .11, worker3 is .23 */
  address: Address.optional(),
  vcpu: z.int().min(1).max(64).default(1),
  /** Docker and the kernel take 350 MiB of it before the first task. @default 1024 */
  memoryMiB: z.int().min(512).max(1_048_576).default(1024),
  /** The size of the disk; it begins as an empty layer over the shared image. @default 8 */
  diskGiB: z.int().min(4).max(10_240).default(8),
  labels: z.record(LabelKey, LabelValue).default({}),
});

/** The image that every node begins with: the farm's own, or any image that cloud-init configures. */
const Image = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("farm"),
    /**
     * The day whose packages the image is built from. A newer day rebuilds it, and the preview shows every node replaced.
     * @default whatever day it is first built
     */
    updated: z.iso.date("must be a date such as 2026-11-23").optional(),
  }),
  z.strictObject({
    kind: z.literal("cloud"),
    /** A path or an http(s) address of a qcow2 image with cloud-init. */
    source: z.string().regex(/^(\/|https?:\/\/)\S+$/, "must be an absolute path or an http(s) address"),
    sha256: Sha256,
  }),
]);

/** The whole configuration surface, defaults included; unknown keys are refused. */
export const FarmConfig = z.strictObject({
  hosts: z.record(Name, Host).default({ local: { uri: "qemu:///system", virtualization: "auto" } }),
  network: z.strictObject({ cidr: Cidr.default("10.77.0.0/24") }).prefault({}),
  image: Image.default({ kind: "farm" }),
  nodes: z.record(Name, Node),
  hello: z
    .strictObject({
      /** @default one per node */
      replicas: z.int().min(0).max(1000).optional(),
      port: Port.default(8080),
    })
    .prefault({}),
});

export type FarmConfig = z.infer<typeof FarmConfig>;
export type NodeConfig = z.infer<typeof Node>;
export type ImageConfig = z.infer<typeof Image>;
export type HostConfig = z.infer<typeof Host>;
