import { z } from "zod";
import { FarmError } from "../base/errors";
import { jsonOrNothing } from "../base/json";
import { anyManager } from "./ssh";

const Refusal = z.object({ message: z.string() });

/**
 * The command that prints Docker's answers on a node, a line each, with empty lines between. A refusal is printed as well: its
 * reason is in the answer.
 *
 * @param paths of Docker's API, e.g. `/nodes`
 */
export function dockerApi(...paths: readonly string[]): string {
  const get = "curl -sS --max-time 30 --unix-socket /run/docker.sock";
  return paths.map((path) => `${get} http://docker${path}`).join(" && echo && ");
}

/** The lines of answers. Docker ends most of them with a newline of its own. */
export function answerLines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

/**
 * Parses one answer of Docker.
 *
 * @param line the answer. Default: Docker printed none
 * @param node that was asked: a node's name, or `anyManager`
 * @param question as messages name it, e.g. `/nodes` or `docker info`
 * @throws FarmError with Docker's own message, e.g. that the swarm has no leader, or that the answer cannot be read
 */
export function dockerAnswer<T>(schema: z.ZodType<T>, line: string | undefined, node: string, question: string): T {
  const docker = `docker on ${node === anyManager ? "a manager" : node}`;
  const next = `try again; if that stays: ${node === anyManager ? "./farm docker info" : `./farm ssh ${node} journalctl -u docker`}`;
  if (line === undefined) throw new FarmError(`${docker} does not answer '${question}': ${next}`);
  const answer = jsonOrNothing(line);
  if (answer === undefined)
    throw new FarmError(`${docker}: its answer to '${question}' is cut off, or no JSON: ${next}`);
  const refusal = Refusal.safeParse(answer);
  if (refusal.success) throw new FarmError(`${docker} refuses '${question}': ${refusal.data.message}`);
  const { data, error } = schema.safeParse(answer);
  if (error === undefined) return data;
  const { path = [], message = "" } = error.issues[0] ?? {};
  throw new FarmError(
    `${docker}: its answer to '${question}' has a form that this version does not know (${path.join(".")}: ${message}): ./farm support packs what a bug report needs`,
  );
}
