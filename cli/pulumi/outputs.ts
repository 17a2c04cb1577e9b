import { z } from "zod";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { pulumiAnswer } from "./answer";
import { parseJson } from "./json";
import { stackOutputs, type Resource } from "./state";

const PatchLevel = z.looseObject({ os: z.string(), kernel: z.string(), docker: z.string() });

/** A node in the stack's outputs. */
const Node = z.looseObject({
  name: z.string(),
  role: z.string(),
  address: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  patchLevel: PatchLevel.nullish(),
});
export type NodeOutput = z.infer<typeof Node>;

/** The Pulumi stack's outputs that `./farm` reads; secrets are masked. */
const Outputs = z.looseObject({
  nodes: z.array(Node),
  urls: z.record(z.string(), z.string()),
  /** Addresses that lead to every URL, and survive a node. */
  addresses: z.array(z.string()).default([]),
  users: z.array(z.string()).default([]),
  /** When each certificate expires, in ISO 8601, by its name. */
  certificates: z.record(z.string(), z.string()).default({}),
});
export type Outputs = z.infer<typeof Outputs>;

/**
 * The outputs of the last update.
 *
 * @throws FarmError if there is no farm, or its last update did not finish
 */
export async function outputsOf(context: Pick<Context, "stack" | "repository" | "environment">): Promise<Outputs> {
  return complete(context, parseJson(await pulumiAnswer(context, "stack", "output", "--json"), "the stack's outputs"));
}

/**
 * The same of a state that was read already; secrets are encrypted there.
 *
 * @throws FarmError if the last update did not finish
 */
export function outputsIn(context: Pick<Context, "stack">, state: readonly Resource[]): Outputs {
  return complete(context, stackOutputs(state));
}

function complete({ stack }: Pick<Context, "stack">, outputs: unknown): Outputs {
  const { success, data } = Outputs.safeParse(outputs);
  if (!success) throw new FarmError(`the farm '${stack}' is not complete: ./farm up goes on`);
  return data;
}
