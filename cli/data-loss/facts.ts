import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
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

/** Asks a node for its volumes. @param config the file to give to `ssh -F` */
export async function askNode(config: string, node: string): Promise<NodeData> {
  try {
    return parseNode(await ssh(config, node, `set -e; ${api}/volumes; echo; ${api}/info`));
  } catch (error) {
    return reasonOf(error);
  }
}

/** Asks a manager which services mount which volume; where none answers, no service is known. */
export async function askServices(config: string): Promise<ReadonlyMap<string, readonly string[]>> {
  try {
    return parseServices(await ssh(config, "any.manager", `${api}/services`));
  } catch {
    return new Map();
  }
}

/** Reads `/volumes` and `/info`, a line each. An anonymous volume belongs to one task and ends with it. */
export function parseNode(text: string): NodeData {
  const [volumes = "", info = ""] = text.split("\n").filter((line) => line !== "");
  const { Swarm: swarm } = Info.parse(JSON.parse(info));
  return {
    volumes: (Volumes.parse(JSON.parse(volumes)).Volumes ?? [])
      .filter(({ Labels }) => Labels?.["com.docker.volume.anonymous"] === undefined)
      .map(({ Name }) => Name)
      .sort(),
    onlyManager: swarm.ControlAvailable && swarm.Managers === 1,
  };
}

/** Reads `/services`: the services that mount a volume, by its name. */
export function parseServices(text: string): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { Spec } of Services.parse(JSON.parse(text))) {
    for (const { Type, Source } of Spec.TaskTemplate.ContainerSpec?.Mounts ?? [])
      if (Type === "volume") users.set(Source, [...(users.get(Source) ?? []), Spec.Name]);
  }
  return users;
}

async function ssh(config: string, node: string, command: string): Promise<string> {
  const args = ["-n", "-F", config, "-o", "ControlPath=none", "-o", "ConnectTimeout=10", node, command];
  return (await promisify(execFile)("ssh", args, { timeout: 90_000, maxBuffer: 2 ** 26 })).stdout;
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
  return said === "" ? "it gave no answer within 90 s" : (said.split("\n").at(-1) ?? said);
}
