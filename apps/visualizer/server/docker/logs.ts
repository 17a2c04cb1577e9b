import type { Docker } from "@swarm-farm/docker-api";
import type { LogLine, TaskLog } from "../../shared/wire.ts";

const tail = 200;
const atMostBytes = 512 * 1024;
/** Docker waits for nodes that are gone: what has come until then is shown. */
const timeoutMs = 4_000;

const header = 8;

function line(stream: LogLine["stream"], raw: string): LogLine {
  const space = raw.indexOf(" ");
  const at = raw.slice(0, Math.max(space, 0));
  if (Number.isNaN(Date.parse(at))) return { at: "", stream, text: raw };
  return { at, stream, text: raw.slice(space + 1) };
}

const lines = (stream: LogLine["stream"], text: string): LogLine[] =>
  text
    .split(/\r?\n/)
    .filter(Boolean)
    .map((raw) => line(stream, raw));

/** Splits Docker's two streams in one; a task with a terminal has only one, without headers. */
export function parseLog(bytes: Buffer): readonly LogLine[] {
  const framed = bytes.length >= header && (bytes[0] ?? 9) <= 2 && bytes.readUIntBE(1, 3) === 0;
  if (!framed) return lines("out", bytes.toString());
  const found: LogLine[] = [];
  for (let at = 0; at + header <= bytes.length;) {
    const end = at + header + bytes.readUInt32BE(at + 4);
    found.push(...lines(bytes[at] === 2 ? "err" : "out", bytes.subarray(at + header, end).toString()));
    at = end;
  }
  return found.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

/** The last lines of one task. */
export async function readLog(docker: Docker, task: string): Promise<TaskLog> {
  const query = `stdout=1&stderr=1&timestamps=1&tail=${tail}`;
  const signal = AbortSignal.timeout(timeoutMs);
  const chunks: Buffer[] = [];
  let size = 0;
  let note: string | undefined;
  try {
    const { body } = await docker.stream(`/tasks/${task}/logs?${query}`, { signal });
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > atMostBytes) {
        note = "the log is longer than what is shown here";
        break;
      }
    }
  } catch (error) {
    note = signal.aborted ? "the task's node does not answer; this is what came" : `no log: ${reasonOf(error)}`;
  }
  return { lines: parseLog(Buffer.concat(chunks)).slice(-tail), ...(note !== undefined && { note }) };
}

/** The error, in one line for people. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return error.message + cause;
}
