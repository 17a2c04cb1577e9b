import { FarmError } from "../base/errors";
import { ask, reasonOf, type Farm } from "./ask";
import { anyManager } from "./ssh";

/** The time limit of Docker's list of tasks. */
const listSeconds = 60;

/** A task with a container. */
export interface RunningTask {
  readonly node: string;
  /** The container's name. */
  readonly container: string;
}

/**
 * A task of a service that runs; undefined without one, or where there is no such service. A task that starts has no container yet.
 *
 * @throws FarmError if no manager answers
 */
export async function runningTask(farm: Farm, service: string): Promise<RunningTask | undefined> {
  const format = "'{{.Node}} {{.Name}}.{{.ID}} {{.CurrentState}}'";
  const list = `docker service ps ${service} --no-trunc --format ${format}`;
  const result = await ask(farm, anyManager, list, { timeoutSeconds: listSeconds });
  if (result.status !== 0) {
    if (result.stderr.includes("no such service")) return undefined;
    throw new FarmError(`no manager says where '${service}' runs: ${reasonOf(result, listSeconds)}`);
  }
  const tasks = result.stdout.split("\n").map((line) => line.split(" "));
  const [node, container] = tasks.find(([, , state]) => state === "Running") ?? [];
  return node !== undefined && container !== undefined ? { node, container } : undefined;
}
