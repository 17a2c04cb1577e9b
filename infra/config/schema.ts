import { z } from "zod";
import { Host, Image, Node } from "./node-schema";
import { Cidr, Name } from "./primitives";
import type { Autoscale, ServiceKeys } from "./services";

// The descriptions are the documentation: docs/configuration.md and its JSON schema are generated from them.

const Cleanup = z
  .strictObject({
    unusedImagesAfterHours: z
      .int()
      .min(0)
      .max(87_600)
      .default(168)
      .describe(
        "How long an image must have been unused before it is removed: by the containers of a node on that node, by services in the registry. Images pushed by hand stay in the registry. 0: never.",
      ),
  })
  .prefault({})
  .describe("Unused images, which nodes and registry remove once a day.");

/** A key of `rotate`: another number generates another secret. */
export function Rotation(what: string) {
  return z.int().min(1).max(1_000_000).default(1).describe(`For ${what}.`);
}

/** The farm's own keys of `rotate`. */
export const farmRotations = {
  registry: Rotation(
    "the registry's password and its certificate; every service is updated. Raise it by one at a time",
  ),
  authority: Rotation(
    "the farm's CA, and the certificates that it issued; browsers have to trust the new one. Raise it by one at a time",
  ),
};

const farmKeys = {
  hosts: z
    .record(Name, Host)
    .default({ local: { uri: "qemu:///system", virtualization: "auto" } })
    .describe("Hypervisors by name."),
  network: z
    .strictObject({
      cidr: Cidr.default("10.77.0.0/24").describe("The farm's own network; /27 or larger, free on the host."),
      allowPublic: z
        .boolean()
        .default(false)
        .describe("Whether `cidr` may be outside the private ranges 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16."),
      egress: z
        .boolean()
        .default(true)
        .describe(
          "Whether nodes and tasks of an isolated farm reach what this machine reaches, by IPv4 ([how](how-to/egress.md)). With another libvirt they do, and false is refused.",
        ),
    })
    .prefault({})
    .describe("The network that joins the nodes."),
  image: Image.default({ kind: "farm" }).describe("The guest image of every node."),
  nodes: z.record(Name, Node).describe("Virtual machines by name."),
};

/**
 * The whole configuration: the farm's own keys and those of its stacks. Unknown keys are refused.
 *
 * @param keys      schemas by key. Default: none
 * @param rotations keys of `rotate` besides the farm's own; see `Rotation`. Default: none
 */
export function configSchema(
  keys: Readonly<Record<string, z.ZodType>> = {},
  rotations: Readonly<Record<string, z.ZodType>> = {},
) {
  return z.strictObject({
    ...farmKeys,
    ...keys,
    rotate: z
      .strictObject({ ...rotations, ...farmRotations })
      .prefault({})
      .describe("Another number generates another secret; one rolling update gives it to the services that use it."),
    cleanup: Cleanup,
  });
}

/** The farm's own configuration. */
export type FarmConfig = z.infer<ReturnType<typeof configSchema>>;
/** The same before defaults are filled in. */
export type FarmConfigInput = z.input<ReturnType<typeof configSchema>>;
export type NodeConfig = z.infer<typeof Node>;
export type ImageConfig = z.infer<typeof Image>;
export type AutoscaleConfig = z.infer<typeof Autoscale>;
/** The keys of a service that may have several tasks. */
export type ServiceConfig = ServiceKeys;
export type HostConfig = z.infer<typeof Host>;
