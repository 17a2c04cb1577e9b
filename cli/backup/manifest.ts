import { z } from "zod";

/** The description of a backup. */
export const Manifest = z.object({
  /** The stack's name. */
  stack: z.string(),
  /** When it was started, in ISO 8601. */
  date: z.string(),
  /** The manager whose state was copied. */
  node: z.string(),
  /** All nodes of the swarm at that time. */
  nodes: z.array(z.object({ name: z.string(), id: z.string(), manager: z.boolean() })),
  /** The swarm's id. */
  cluster: z.string(),
  /** The version of Docker on that manager. */
  docker: z.string(),
});
export type Manifest = z.infer<typeof Manifest>;

/** The parts of a backup. */
export const partNames = ["swarm.tar", "mysql.sql"] as const;
export type PartName = (typeof partNames)[number];

export function isPart(name: string): name is PartName {
  return partNames.some((part) => part === name);
}

/** The manifest in the file: with the SHA-256 of each encrypted part. */
export const SealedManifest = Manifest.extend({ parts: z.record(z.string(), z.string()) });
export type SealedManifest = z.infer<typeof SealedManifest>;
