import { PassThrough, type Readable } from "node:stream";
import { createInterface } from "node:readline";
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
  /** The most that are printed; those that follow are not counted. */
  readonly lines: number;
}

/**
 * Entries of the logs, oldest first, as lines for a person.
 *
 * @throws FarmError if the store refuses the query, or does not answer
 */
export async function lastEntries(farm: Farm, store: RunningTask, of: Reading): Promise<string[]> {
  const { sinceSeconds, lines } = of;
  const query = lastOf(filterOf(of), `${String(sinceSeconds)}s`, lines);
  // A sender whose store goes away while it takes entries sends them again: the same to the nanosecond.
  const found = new Map<string, string>();
  const call = { query, endpoint: "query", argument: `limit=${String(lines)}` } as const;
  await ask(farm, store, call, (line, entry) => found.set(entry, line));
  return [...found.values()].reverse();
}

/**
 * Hands on entries as they come, those since some time first, until the connection ends.
 *
 * @throws FarmError
 */
export async function follow(farm: Farm, store: RunningTask, of: Reading, on: (line: string) => void): Promise<void> {
  const argument = `start_offset=${String(of.sinceSeconds)}s`;
  await ask(farm, store, { query: filterOf(of), endpoint: "tail", argument }, on);
}

interface Call {
  readonly query: string;
  readonly endpoint: "query" | "tail";
  readonly argument: string;
}

/** @param on takes an entry as a line for a person, and as the store has it */
async function ask(
  farm: Farm,
  store: RunningTask,
  call: Call,
  on: (line: string, entry: string) => void,
): Promise<void> {
  const { query, endpoint, argument } = call;
  const script = scripts("query.sh", {
    CONTAINER: store.container,
    PORT: services.store.port,
    ENDPOINT: endpoint,
    ARGUMENT: argument,
  });
  const input = new PassThrough();
  input.write(`${query}\n`);
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
