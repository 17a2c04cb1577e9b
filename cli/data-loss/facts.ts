import { FarmError } from "../base/errors";
import { ask, reasonOf, type Farm } from "../nodes/ask";
import { answerLines, dockerAnswer, dockerApi } from "../nodes/docker-answer";
import { Info, Services, Volumes } from "../nodes/docker-shapes";
import { anyManager } from "../nodes/ssh";
import type { NodeData } from "./losses";

/** The time limit for a node that does not answer. */
const nodeSeconds = 90;

/** The volumes of a node, or why it does not answer. */
export async function askNode(farm: Farm, node: string): Promise<NodeData> {
  const options = { timeoutSeconds: nodeSeconds };
  const result = await ask(farm, node, dockerApi("/volumes", "/info"), options);
  if (result.status !== 0) return reasonOf(result, nodeSeconds);
  try {
    return parseNode(node, result.stdout);
  } catch (error) {
    // A node whose volumes are not known may lose them.
    if (error instanceof FarmError) return error.message;
    throw error;
  }
}

/** The services that mount each volume, from a manager; empty if none answers. */
export async function askServices(farm: Farm): Promise<ReadonlyMap<string, readonly string[]>> {
  const { status, stdout } = await ask(farm, anyManager, dockerApi("/services"), { timeoutSeconds: nodeSeconds });
  return status === 0 ? parseServices(stdout) : new Map();
}

/**
 * Parses the answers of a node to `/volumes` and `/info`, a line each. An anonymous volume belongs to one task and ends with it.
 *
 * @throws FarmError if Docker refuses, or an answer cannot be read
 */
export function parseNode(node: string, text: string): NodeData {
  const [volumes, info] = answerLines(text);
  const { Volumes: all } = dockerAnswer(Volumes, volumes, node, "/volumes");
  const { Swarm: swarm } = dockerAnswer(Info, info, node, "/info");
  return {
    volumes: (all ?? [])
      .filter(({ Labels }) => Labels?.["com.docker.volume.anonymous"] === undefined)
      .map(({ Name }) => Name)
      .sort(),
    onlyManager: swarm.ControlAvailable && swarm.Managers === 1,
  };
}

/**
 * Parses the answer to `/services`: the services that mount a volume, by its name.
 *
 * @throws FarmError if Docker refuses, or the answer cannot be read
 */
export function parseServices(text: string): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { Spec } of dockerAnswer(Services, text, anyManager, "/services")) {
    for (const { Type, Source } of Spec.TaskTemplate.ContainerSpec?.Mounts ?? [])
      if (Type === "volume") users.set(Source, [...(users.get(Source) ?? []), Spec.Name]);
  }
  return users;
}
