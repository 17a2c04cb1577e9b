import { z } from "zod";
import { FarmError } from "../base/errors";

const Refusal = z.object({ message: z.string() });

/**
 * Parses one answer of Docker's API, a line.
 *
 * @throws FarmError with Docker's own message, e.g. that the swarm has no leader, or that the answer cannot be read
 */
export function dockerAnswer<T>(schema: z.ZodType<T>, line: string): T {
  const answer = json(line);
  const refusal = Refusal.safeParse(answer);
  if (refusal.success) throw new FarmError(refusal.data.message);
  const { data, error } = schema.safeParse(answer);
  if (error === undefined) return data;
  const { path = [], message = "" } = error.issues[0] ?? {};
  throw new FarmError(`docker's answer has a form that this version does not know (${path.join(".")}: ${message})`);
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new FarmError("docker's answer is cut off, or no JSON");
  }
}
