import { z } from "zod";
import { answerLines, dockerAnswer } from "../nodes/docker-answer";
import { ListedNode, ManagerInfo } from "../nodes/docker-shapes";

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

/**
 * The description of a manager's state.
 *
 * @param info what `docker info` prints there, as JSON
 * @param list what `docker node ls` prints there, JSON in lines
 */
export function readManifest(of: Pick<Manifest, "stack" | "node" | "date">, info: string, list: string): Manifest {
  const { ServerVersion, Swarm } = dockerAnswer(ManagerInfo, info, of.node, "docker info");
  const nodes = answerLines(list).map((line) => dockerAnswer(ListedNode, line, of.node, "docker node ls"));
  return {
    ...of,
    nodes: nodes.map(({ Hostname, ID, ManagerStatus }) => ({ name: Hostname, id: ID, manager: ManagerStatus !== "" })),
    cluster: Swarm.Cluster.ID,
    docker: ServerVersion,
  };
}

/** The parts of a backup. */
export const partNames = ["swarm.tar", "mysql.sql"] as const;
export type PartName = (typeof partNames)[number];

export function isPart(name: string): name is PartName {
  return partNames.some((part) => part === name);
}

/** The manifest in the file: with the SHA-256 of each encrypted part. */
export const SealedManifest = Manifest.extend({ parts: z.record(z.string(), z.string()) });
export type SealedManifest = z.infer<typeof SealedManifest>;
