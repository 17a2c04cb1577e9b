import { z } from "zod";
import { ask, reasonOf, type Farm } from "../nodes/ask";
import { dockerAnswer } from "../nodes/docker-answer";
import { anyManager } from "../nodes/ssh";
import type { NodeData } from "./losses";

const Volumes = z.object({
  Volumes: z.array(z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() })).nullish(),
});

const Info = z.object({
  Swarm: z.object({ ControlAvailable: z.boolean().default(false), Managers: z.number().default(0) }),
});

const Services = z.array(
  z.object({
    Spec: z.object({
      Name: z.string(),
      TaskTemplate: z.object({
        ContainerSpec: z
          .object({ Mounts: z.array(z.object({ Type: z.string(), Source: z.string().default("") })).nullish() })
          .nullish(),
      }),
    }),
  }),
);

const api = "curl -fsS --max-time 30 --unix-socket /run/docker.sock http://docker";

/** The time limit for a node that does not answer. */
const nodeSeconds = 90;

/** The volumes of a node, or why it does not answer. */
export async function askNode(farm: Farm, node: string): Promise<NodeData> {
  const options = { timeoutSeconds: nodeSeconds };
  const result = await ask(farm, node, `set -e; ${api}/volumes; echo; ${api}/info`, options);
  if (result.status !== 0) return reasonOf(result, nodeSeconds);
  try {
    return parseNode(result.stdout);
  } catch {
    // A node whose volumes are not known may lose them.
    return "docker's answer is cut off, or has a form that this version does not know";
  }
}

/** The services that mount each volume, from a manager; empty if none answers. */
export async function askServices(farm: Farm): Promise<ReadonlyMap<string, readonly string[]>> {
  const { status, stdout } = await ask(farm, anyManager, `${api}/services`, { timeoutSeconds: nodeSeconds });
  return status === 0 ? parseServices(stdout) : new Map();
}

/** Reads `/volumes` and `/info`, a line each. An anonymous volume belongs to one task and ends with it. */
export function parseNode(text: string): NodeData {
  const [volumes = "", info = ""] = text.split("\n").filter((line) => line !== "");
  const { Swarm: swarm } = dockerAnswer(Info, info);
  return {
    volumes: (dockerAnswer(Volumes, volumes).Volumes ?? [])
      .filter(({ Labels }) => Labels?.["com.docker.volume.anonymous"] === undefined)
      .map(({ Name }) => Name)
      .sort(),
    onlyManager: swarm.ControlAvailable && swarm.Managers === 1,
  };
}

/** Reads `/services`: the services that mount a volume, by its name. */
export function parseServices(text: string): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { Spec } of dockerAnswer(Services, text)) {
    for (const { Type, Source } of Spec.TaskTemplate.ContainerSpec?.Mounts ?? [])
      if (Type === "volume") users.set(Source, [...(users.get(Source) ?? []), Spec.Name]);
  }
  return users;
}
