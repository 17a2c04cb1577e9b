import { createInterface } from "node:readline";
import { PassThrough, type Readable } from "node:stream";
import { services } from "../../stacks/logs/services";
import { FarmError } from "../base/errors";
import type { Context } from "../context/context";
import type { RunningTask } from "../nodes/running-task";
import { onNode } from "../nodes/ssh";
import { chain } from "../process/chain";
import { CommandError } from "../process/run";
import { entryLine } from "./entry";
import { filterOf, lastOf, type LogsQuery } from "./query";
import { scripts } from "./scripts";

type Farm = Pick<Context, "stack" | "folders" | "signal">;

interface Reading extends LogsQuery {
  readonly sinceSeconds: number;
}

/**
 * The last entries of the logs, oldest first, as lines for a person.
 *
 * @throws FarmError if the store refuses the query, or does not answer
 */
export async function lastEntries(
  farm: Farm,
  store: RunningTask,
  of: Reading & { readonly lines: number },
): Promise<string[]> {
  const query = lastOf(filterOf(of), `${String(of.sinceSeconds)}s`, of.lines);
  // A sender whose store ends while it takes entries sends them again: the same to the nanosecond.
  const found = new Map<string, string>();
  await ask(farm, store, "query", { query }, (line, entry) => found.set(entry, line));
  return [...found.values()].reverse();
}

/**
 * The time after which an entry is shown: vlagent looks at a file that nobody writes to every 10 s, and what comes later than this is left
 * out.
 */
const delaySeconds = 15;

/**
 * Hands on entries as they come, those since some time first, until the farm's signal.
 *
 * @throws FarmError if the store refuses the query, does not answer, or ends
 */
export async function follow(farm: Farm, store: RunningTask, of: Reading, on: (line: string) => void): Promise<void> {
  const times = { start_offset: `${String(of.sinceSeconds)}s`, offset: `${String(delaySeconds)}s` };
  await ask(farm, store, "tail", { query: filterOf(of), ...times }, on);
  if (!farm.signal.aborted)
    throw new FarmError(
      `the store of the logs ended; ./farm logs -f again once it runs: ./farm docker service ps ${services.store.name}`,
    );
}

/** @param on takes an entry as a line for a person, and as the store has it */
async function ask(
  farm: Farm,
  store: RunningTask,
  endpoint: "query" | "tail",
  request: Readonly<Record<string, string>>,
  on: (line: string, entry: string) => void,
): Promise<void> {
  const script = scripts("query.sh", { CONTAINER: store.container, PORT: services.store.port, ENDPOINT: endpoint });
  const input = new PassThrough();
  input.write(`${new URLSearchParams(request).toString()}\n`);
  if (endpoint === "query") input.end();
  // The end of its input ends the program on the node.
  farm.signal.addEventListener("abort", () => input.end());
  let refusal = "";
  const read = async (output: Readable) => {
    for await (const line of createInterface({ input: output })) {
      const entry = entryLine(line);
      if (entry === undefined) refusal = line.trim() === "" ? refusal : line;
      else on(entry, line);
    }
    input.end();
  };
  try {
    await chain(input, [{ argv: onNode(farm, store.node, script) }], read);
  } catch (error) {
    if (!(error instanceof CommandError) || farm.signal.aborted) throw error;
    throw new FarmError(`the store of the logs: ${refusal === "" ? error.message : refusal}`);
  }
}
