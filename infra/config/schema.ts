import { z } from "zod";
import { Address, Cidr, LabelKey, LabelValue, LibvirtUri, Name, Port, Sha256 } from "./primitives";

// The descriptions are the documentation: docs/configuration.md and its JSON schema are generated from them.

const Host = z
  .strictObject({
    uri: LibvirtUri.describe(
      "How libvirt is reached: `qemu:///system`, `qemu+ssh://root@host/system`, `qemu+unix:///system?socket=/path`.",
    ),
    virtualization: z
      .enum(["auto", "kvm", "qemu"])
      .default("auto")
      .describe(
        "`auto` tries whether the host truly runs a guest under KVM and falls back to software emulation; the others insist.",
      ),
  })
  .describe("A hypervisor: one libvirt that the farm's virtual machines run on.");

const Node = z
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
      .default(1024)
      .describe("Memory in MiB, of which the kernel and Docker take about 350."),
    diskGiB: z
      .int()
      .min(4)
      .max(10_240)
      .default(8)
      .describe("Size of the disk in GiB; it begins as an empty layer over the shared image."),
    labels: z
      .record(LabelKey, LabelValue)
      .default({})
      .describe("Node labels for placement; one that goes from here goes from the node."),
  })
  .describe("One virtual machine and its place in the swarm. Its name is its hostname.");

const Image = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("farm").describe("The farm's own image, built from Debian packages by `images/guest`."),
      updated: z.iso
        .date("must be a date such as 2026-11-23")
        .optional()
        .describe(
          "The day whose packages the image has. A newer day rebuilds it; the preview shows every node replaced.",
        ),
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
  .describe("What every node begins with.");

const Hello = z
  .strictObject({
    replicas: z.int().min(0).max(1000).optional().describe("How many tasks. Default: one per node."),
    port: Port.default(8080).describe("Published on every node by the routing mesh."),
  })
  .describe("The hello page.");

/** The whole configuration surface, defaults included; unknown keys are refused. */
export const FarmConfig = z.strictObject({
  hosts: z
    .record(Name, Host)
    .default({ local: { uri: "qemu:///system", virtualization: "auto" } })
    .describe("Hypervisors by name."),
  network: z
    .strictObject({
      cidr: Cidr.default("10.77.0.0/24").describe("The farm's own network; /27 or larger, free on the host."),
    })
    .prefault({})
    .describe("The network that joins the nodes."),
  image: Image.default({ kind: "farm" }),
  nodes: z.record(Name, Node).describe("Virtual machines by name."),
  hello: Hello.prefault({}),
});

export type FarmConfig = z.infer<typeof FarmConfig>;
export type NodeConfig = z.infer<typeof Node>;
export type ImageConfig = z.infer<typeof Image>;
export type HostConfig = z.infer<typeof Host>;
